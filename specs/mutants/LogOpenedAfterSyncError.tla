---- MODULE LogOpenedAfterSyncError ----
\* Each fsync opens the log anew, and so misses a failure of which another descriptor was notified.
EXTENDS EarlyLockRelease

NobodyElse(p) == {}
====
