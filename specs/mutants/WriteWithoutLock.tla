---- MODULE WriteWithoutLock ----
\* The holder of the turn writes without the write lock.
EXTENDS WriterQueue

TurnOrLock(p) == hold = p \/ write = Nobody
====
