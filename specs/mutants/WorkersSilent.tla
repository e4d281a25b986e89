---- MODULE WorkersSilent ----
\* Whoever did the work need not say so.
EXTENDS SagaWork

Unfair == TRUE
====
