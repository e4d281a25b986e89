---- MODULE WritersNeverEnd ----
\* A commit may last forever.
EXTENDS WriterQueue

Unfair == TRUE
====
