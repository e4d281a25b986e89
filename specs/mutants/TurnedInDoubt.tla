---- MODULE TurnedInDoubt ----
\* A saga turns back though nobody knows whether a pivot was done.
EXTENDS Sagas

Unknowing == TRUE
====
