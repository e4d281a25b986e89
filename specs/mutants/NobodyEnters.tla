---- MODULE NobodyEnters ----
\* A process may stop before it has looked whether the write lock is free.
EXTENDS Turnstile

Unfair == TRUE
====
