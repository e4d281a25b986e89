---- MODULE LeaderUnfair ----
\* The queue need not be committed.
EXTENDS PipelinedUpdates

Unfair == TRUE
====
