---- MODULE NobodyTakesSagas ----
\* A saga that nobody has, or a dead process, need not be taken.
EXTENDS Sagas

Unfair == TRUE
====
