---- MODULE OvertakenForEver ----
\* Whoever passed by the turnstile may find the write lock taken each time it tries.
EXTENDS Turnstile

Unfair == TRUE
====
