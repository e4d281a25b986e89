---- MODULE RollbackAfterPivot ----
\* A saga rolls back after a pivot.
EXTENDS Sagas

NoPivot == TRUE
====
