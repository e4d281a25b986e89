---- MODULE NobodyTries ----
\* The holder of the turn need not attempt the write lock.
EXTENDS Turnstile

Unfair == TRUE
====
