---- MODULE BargerStarved ----
\* A process that bypassed the queue may find the write lock taken at every attempt.
EXTENDS WriterQueue

Unfair == TRUE
====
