---- MODULE WithdrawUnfair ----
\* A task that is wanted back need not be withdrawn.
EXTENDS SagaTasks

Unfair == TRUE
====
