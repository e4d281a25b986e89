---- MODULE HintIgnored ----
\* Whoever finds the write lock free takes it, though others have to wait.
EXTENDS Turnstile

Anytime(p) == TRUE
====
