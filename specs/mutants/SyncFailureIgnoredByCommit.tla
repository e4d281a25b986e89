---- MODULE SyncFailureIgnoredByCommit ----
\* A process that opened the log after a failed fsync commits without rewriting the log.
EXTENDS EarlyLockRelease

Unseen(purpose) == purpose = "commit" \/ ~mark
====
