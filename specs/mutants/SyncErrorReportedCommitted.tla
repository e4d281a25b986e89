---- MODULE SyncErrorReportedCommitted ----
\* A failed fsync is reported as a success, since the commit is visible.
EXTENDS EarlyLockRelease

Optimistic == "acknowledged"
====
