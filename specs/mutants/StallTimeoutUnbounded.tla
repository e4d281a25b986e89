---- MODULE StallTimeoutUnbounded ----
\* The wait behind a stalled process is unbounded.
EXTENDS WriterQueue

Unfair == TRUE
====
