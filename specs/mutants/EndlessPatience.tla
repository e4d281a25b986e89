---- MODULE EndlessPatience ----
\* The wait behind a stalled process is unbounded.
EXTENDS Turnstile

Unfair == TRUE
====
