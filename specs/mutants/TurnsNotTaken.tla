---- MODULE TurnsNotTaken ----
\* The first process in the queue need not take a free turn.
EXTENDS Turnstile

Unfair == TRUE
====
