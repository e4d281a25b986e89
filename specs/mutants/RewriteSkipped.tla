---- MODULE RewriteSkipped ----
\* After a failed fsync, the log is synced again without rewriting its bytes.
EXTENDS EarlyLockRelease

StillDropped == dropped
====
