---- MODULE StoreStepsNotDone ----
\* A store step need neither complete nor fail.
EXTENDS Sagas

Unfair == TRUE
====
