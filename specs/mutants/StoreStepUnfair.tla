---- MODULE StoreStepUnfair ----
\* A store step need neither complete nor fail.
EXTENDS Sagas

Unfair == TRUE
====
