---- MODULE WritersNeverEnd ----
\* A commit may last for ever.
EXTENDS Turnstile

Unfair == TRUE
====
