---- MODULE TurnIsEnough ----
\* Whoever has the turn writes, without the write lock.
EXTENDS Turnstile

TurnOrLock(p) == hold = p \/ write = Nobody
====
