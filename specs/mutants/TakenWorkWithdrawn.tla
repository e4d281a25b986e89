---- MODULE TakenWorkWithdrawn ----
\* A task is withdrawn while its worker executes it.
EXTENDS SagaWork

ThoughTaken == TRUE
====
