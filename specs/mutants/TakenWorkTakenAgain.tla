---- MODULE TakenWorkTakenAgain ----
\* Work is taken though somebody has it.
EXTENDS SagaWork

Shared == ~wanted /\ ~Over /\ Len(claims) < MaxTries
====
