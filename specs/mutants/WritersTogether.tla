---- MODULE WritersTogether ----
\* No process waits for the write lock.
EXTENDS EarlyRelease

Unlocked == TRUE
====
