---- MODULE EndlessPatience ----
\* The wait behind a process that stalls has no bound.
EXTENDS Turnstile

Unfair == TRUE
====
