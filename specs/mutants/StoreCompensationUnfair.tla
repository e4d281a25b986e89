---- MODULE StoreCompensationUnfair ----
\* The compensation of a store step need neither complete nor fail.
EXTENDS Sagas

Unfair == TRUE
====
