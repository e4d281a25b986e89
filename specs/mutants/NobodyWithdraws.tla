---- MODULE NobodyWithdraws ----
\* Work that is wanted back need not be withdrawn.
EXTENDS SagaWork

Unfair == TRUE
====
