---- MODULE WorkUnfair ----
\* A worker that claimed the task need not execute it.
EXTENDS SagaTasks

Unfair == TRUE
====
