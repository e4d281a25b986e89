---- MODULE EntryUnfair ----
\* A process may stop before it checks whether the write lock is free.
EXTENDS WriterQueue

Unfair == TRUE
====
