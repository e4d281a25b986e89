---- MODULE NoLongestHold ----
\* A hold may last for ever.
EXTENDS ClaimQueue

Unfair == TRUE
====
