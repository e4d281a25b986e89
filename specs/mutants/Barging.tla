---- MODULE Barging ----
\* Whoever finds the keys free takes them.
EXTENDS ClaimQueue

Anyone(keys, place) == TRUE
====
