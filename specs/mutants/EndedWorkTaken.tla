---- MODULE EndedWorkTaken ----
\* Work is taken whose outcome is known already.
EXTENDS SagaWork

ThoughEnded == work # "taken" /\ ~wanted /\ Len(claims) < MaxTries
====
