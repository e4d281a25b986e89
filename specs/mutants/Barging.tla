---- MODULE Barging ----
\* A request that finds its keys free is granted at once.
EXTENDS ClaimQueue

Anyone(keys, place) == TRUE
====
