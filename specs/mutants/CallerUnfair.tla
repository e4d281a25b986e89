---- MODULE CallerUnfair ----
\* A caller need not retry.
EXTENDS PipelinedUpdates

Unfair == TRUE
====
