---- MODULE TaskFailureClearsUnknown ----
\* A failure of one worker counts as proof that no earlier worker executed the task.
EXTENDS SagaTasks

EndedByFailure == IF Len(claims) < MaxTries /\ ~wanted THEN {"offered"} ELSE {"failed"}
====
