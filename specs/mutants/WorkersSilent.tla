---- MODULE WorkersSilent ----
\* A worker that executed the task need not report.
EXTENDS SagaWork

Unfair == TRUE
====
