---- MODULE TakenWorkWithdrawn ----
\* Work is withdrawn while somebody does it.
EXTENDS SagaWork

ThoughTaken == TRUE
====
