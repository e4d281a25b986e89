---- MODULE RollbackWithRunningPivot ----
\* A saga rolls back while a pivot is in progress beside the step that failed.
EXTENDS Sagas

Unsettled == TRUE
====
