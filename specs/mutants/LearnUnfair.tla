---- MODULE LearnUnfair ----
\* A waiter relies on the signal alone, which may be lost.
EXTENDS ClaimQueue

Unfair == TRUE
====
