---- MODULE BargingStarvesMultiKey ----
\* A request that finds its keys free is granted at once, so a request for two keys may wait forever.
EXTENDS ClaimQueue

Anyone(keys, place) == TRUE
====
