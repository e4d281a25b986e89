---- MODULE TurnedAfterThePivot ----
\* A saga turns back after a pivot.
EXTENDS Sagas

NoPivot == TRUE
====
