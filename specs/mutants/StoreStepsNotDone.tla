---- MODULE StoreStepsNotDone ----
\* A store step need not be done, nor fail.
EXTENDS Sagas

Unfair == TRUE
====
