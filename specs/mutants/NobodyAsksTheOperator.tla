---- MODULE NobodyAsksTheOperator ----
\* A saga that has no way on need not be left to the operator.
EXTENDS Sagas

Unfair == TRUE
====
