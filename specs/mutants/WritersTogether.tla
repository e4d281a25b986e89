---- MODULE WritersTogether ----
\* Nobody waits for the write lock.
EXTENDS EarlyRelease

Unlocked == TRUE
====
