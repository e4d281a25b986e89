---- MODULE ForcesHang ----
\* A force may last for ever.
EXTENDS EarlyRelease

Unfair == TRUE
====
