---- MODULE FailedTxnReportedCommitted ----
\* A failed transaction counts as committed.
EXTENDS PipelinedUpdates

Optimist(state) == IF state = "applied" THEN "committed" ELSE IF state = "unmet" THEN "refused" ELSE state
====
