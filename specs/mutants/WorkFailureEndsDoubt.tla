---- MODULE WorkFailureEndsDoubt ----
\* A worker's failure is taken to say that nobody before it did the work.
EXTENDS SagaWork

EndedByFailure == IF Len(claims) < MaxTries /\ ~wanted THEN {"offered"} ELSE {"failed"}
====
