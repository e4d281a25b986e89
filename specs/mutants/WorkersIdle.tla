---- MODULE WorkersIdle ----
\* A worker that claimed the task need not execute it.
EXTENDS SagaTasks

Unfair == TRUE
====
