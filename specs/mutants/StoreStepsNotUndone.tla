---- MODULE StoreStepsNotUndone ----
\* The compensation of a store step need not be done, nor fail.
EXTENDS Sagas

Unfair == TRUE
====
