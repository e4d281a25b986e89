---- MODULE BargingStarves ----
\* Whoever finds the keys free takes them; who needs two of them may wait for ever.
EXTENDS ClaimQueue

Anyone(keys, place) == TRUE
====
