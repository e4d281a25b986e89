---- MODULE SyncUnfair ----
\* An fsync may last forever.
EXTENDS EarlyLockRelease

Unfair == TRUE
====
