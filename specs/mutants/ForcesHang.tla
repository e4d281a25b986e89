---- MODULE ForcesHang ----
\* An fsync may last forever.
EXTENDS EarlyRelease

Unfair == TRUE
====
