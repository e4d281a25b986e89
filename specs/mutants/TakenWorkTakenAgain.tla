---- MODULE TakenWorkTakenAgain ----
\* A task is claimed although another agent holds it.
EXTENDS SagaWork

Shared == ~wanted /\ ~Over /\ Len(claims) < MaxTries
====
