---- MODULE CrashedAttemptsNotCounted ----
\* Only failures count as attempts, so a step that kills its process is retried forever.
EXTENDS Sagas

Always(s) == TRUE
====
