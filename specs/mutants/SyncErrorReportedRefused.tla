---- MODULE SyncErrorReportedRefused ----
\* A failed fsync is reported as a commit that was not applied.
EXTENDS EarlyLockRelease

Pessimistic == "not applied"
====
