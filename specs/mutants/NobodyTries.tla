---- MODULE NobodyTries ----
\* Whoever has the turn need not try for the write lock.
EXTENDS Turnstile

Unfair == TRUE
====
