---- MODULE TurnsNotTaken ----
\* Whoever is first in the queue need not take a turn that is free.
EXTENDS Turnstile

Unfair == TRUE
====
