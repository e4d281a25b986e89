---- MODULE AcknowledgedBeforeForced ----
\* A commit is acknowledged when it is published.
EXTENDS EarlyRelease

AtOnce(p) == TRUE
====
