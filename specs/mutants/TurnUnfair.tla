---- MODULE TurnUnfair ----
\* The first process in the queue need not take a free turn.
EXTENDS WriterQueue

Unfair == TRUE
====
