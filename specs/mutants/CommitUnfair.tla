---- MODULE CommitUnfair ----
\* A commit may last forever.
EXTENDS WriterQueue

Unfair == TRUE
====
