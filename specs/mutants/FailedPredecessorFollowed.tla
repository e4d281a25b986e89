---- MODULE FailedPredecessorFollowed ----
\* A caller follows the last change in the chain even if that was refused.
EXTENDS PipelinedUpdates

Anybody == last # Nobody
====
