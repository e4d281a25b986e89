---- MODULE NobodyPassesBy ----
\* A process that stalls in the turnstile is waited for.
EXTENDS Turnstile

Never(p) == FALSE
====
