---- MODULE CallersStop ----
\* A caller need not retry.
EXTENDS ChainedUpdates

Unfair == TRUE
====
