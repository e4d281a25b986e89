---- MODULE AcknowledgedBeforeForced ----
\* A commit is acknowledged when it is published.
EXTENDS EarlyLockRelease

AtOnce(p) == TRUE
====
