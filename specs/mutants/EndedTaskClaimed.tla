---- MODULE EndedTaskClaimed ----
\* A task is claimed although its outcome is known.
EXTENDS SagaTasks

ThoughEnded == work # "taken" /\ ~wanted /\ Len(claims) < MaxTries
====
