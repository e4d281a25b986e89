---- MODULE WritersNeverEnd ----
\* A commit may last forever.
EXTENDS Turnstile

Unfair == TRUE
====
