---- MODULE NobodyEnters ----
\* A process may stop before it checks whether the write lock is free.
EXTENDS Turnstile

Unfair == TRUE
====
