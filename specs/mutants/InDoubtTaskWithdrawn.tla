---- MODULE InDoubtTaskWithdrawn ----
\* A task that is offered again is withdrawn as if it had never been claimed.
EXTENDS SagaTasks

NoDoubt == TRUE
====
