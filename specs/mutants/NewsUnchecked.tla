---- MODULE NewsUnchecked ----
\* A parked saga is driven without news.
EXTENDS SagaTasks

Anyway(known) == TRUE
====
