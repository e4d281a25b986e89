---- MODULE ClaimedTaskWithdrawn ----
\* A task is withdrawn while its worker executes it.
EXTENDS SagaTasks

ThoughTaken == TRUE
====
