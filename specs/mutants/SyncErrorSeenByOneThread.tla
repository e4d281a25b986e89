---- MODULE SyncErrorSeenByOneThread ----
\* One thread of a process is notified of a failed fsync, and the committing thread does not learn of it.
EXTENDS EarlyLockRelease

GoesOn == "judging"
====
