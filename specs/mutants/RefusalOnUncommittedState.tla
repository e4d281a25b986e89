---- MODULE RefusalOnUncommittedState ----
\* A refusal by a function is final even if the function saw an uncommitted value.
EXTENDS PipelinedUpdates

Hasty(c) == TRUE
====
