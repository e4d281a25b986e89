---- MODULE FailureHeardByOneThread ----
\* What one thread of a process is told of a failure, the committing one does not learn.
EXTENDS EarlyRelease

GoesOn == "judging"
====
