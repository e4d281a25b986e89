---- MODULE DurableReadNotSynced ----
\* A durable read returns without waiting for an fsync.
EXTENDS EarlyLockRelease

AtOnce(p) == TRUE
====
