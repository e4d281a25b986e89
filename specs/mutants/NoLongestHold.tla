---- MODULE NoLongestHold ----
\* A hold may last forever.
EXTENDS ClaimQueue

Unfair == TRUE
====
