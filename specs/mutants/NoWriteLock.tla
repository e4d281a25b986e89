---- MODULE NoWriteLock ----
\* No process waits for the write lock.
EXTENDS EarlyLockRelease

Unlocked == TRUE
====
