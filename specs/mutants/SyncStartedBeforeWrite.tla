---- MODULE SyncStartedBeforeWrite ----
\* An fsync counts that began before the commit was written.
EXTENDS EarlyLockRelease

AnyForce(forced, need) == forced # NoPlace
====
