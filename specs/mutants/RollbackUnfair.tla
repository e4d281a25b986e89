---- MODULE RollbackUnfair ----
\* A saga that must roll back need not.
EXTENDS Sagas

Unfair == TRUE
====
