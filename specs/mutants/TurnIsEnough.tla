---- MODULE TurnIsEnough ----
\* The holder of the turn writes without the write lock.
EXTENDS Turnstile

TurnOrLock(p) == hold = p \/ write = Nobody
====
