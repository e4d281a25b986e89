---- MODULE LockAttemptUnfair ----
\* The holder of the turn need not attempt the write lock.
EXTENDS WriterQueue

Unfair == TRUE
====
