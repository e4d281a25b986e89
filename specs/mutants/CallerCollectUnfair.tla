---- MODULE CallerCollectUnfair ----
\* A caller need not collect its outcome.
EXTENDS PipelinedUpdates

Unfair == TRUE
====
