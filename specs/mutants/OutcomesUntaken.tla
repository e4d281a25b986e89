---- MODULE OutcomesUntaken ----
\* A caller need not collect its outcome.
EXTENDS ChainedUpdates

Unfair == TRUE
====
