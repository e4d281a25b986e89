---- MODULE FailureTakenForCommit ----
\* A transaction that failed is taken for one that was committed.
EXTENDS ChainedUpdates

Optimist(state) == IF state = "applied" THEN "committed" ELSE IF state = "unmet" THEN "refused" ELSE state
====
