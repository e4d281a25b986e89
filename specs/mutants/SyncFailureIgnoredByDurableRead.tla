---- MODULE SyncFailureIgnoredByDurableRead ----
\* A process that opened the log after a failed fsync reads durably before the log is rewritten.
EXTENDS EarlyLockRelease

Unseen(purpose) == purpose = "read" \/ ~mark
====
