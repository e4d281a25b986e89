---- MODULE RollbackWithUnknownPivot ----
\* A saga rolls back although it is in doubt whether a pivot was done.
EXTENDS Sagas

Unknowing == TRUE
====
