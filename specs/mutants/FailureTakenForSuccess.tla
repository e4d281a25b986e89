---- MODULE FailureTakenForSuccess ----
\* A failed force is taken for a success, since the commit is there to see.
EXTENDS EarlyRelease

Optimistic == "acknowledged"
====
