---- MODULE ForcesHang ----
\* An fsync may last forever.
EXTENDS EarlyLockRelease

Unfair == TRUE
====
