---- MODULE WorkersIdle ----
\* A worker that claimed the task need not execute it.
EXTENDS SagaWork

Unfair == TRUE
====
