---- MODULE CallersStop ----
\* A caller need not try again.
EXTENDS ChainedUpdates

Unfair == TRUE
====
