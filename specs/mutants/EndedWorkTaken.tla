---- MODULE EndedWorkTaken ----
\* A task is claimed although its outcome is known.
EXTENDS SagaWork

ThoughEnded == work # "taken" /\ ~wanted /\ Len(claims) < MaxTries
====
