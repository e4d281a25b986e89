---- MODULE OutcomesUntaken ----
\* A caller may leave its outcome where it is.
EXTENDS ChainedUpdates

Unfair == TRUE
====
