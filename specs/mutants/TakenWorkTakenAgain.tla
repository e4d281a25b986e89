---- MODULE TakenWorkTakenAgain ----
\* A task is claimed although another agent holds it.
EXTENDS SagaTasks

Shared == ~wanted /\ ~Over /\ Len(claims) < MaxTries
====
