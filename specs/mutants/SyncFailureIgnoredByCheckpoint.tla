---- MODULE SyncFailureIgnoredByCheckpoint ----
\* A log with a failed fsync is checkpointed without being rewritten.
EXTENDS EarlyLockRelease

Unseen(purpose) == purpose = "checkpoint" \/ ~mark
====
