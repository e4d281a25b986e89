---- MODULE TaskClaimedTwice ----
\* A task is claimed although another agent holds it.
EXTENDS SagaTasks

Shared == ~wanted /\ ~Over /\ Len(claims) < MaxTries
====
