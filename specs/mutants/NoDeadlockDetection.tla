---- MODULE NoDeadlockDetection ----
\* No search for a cycle is made.
EXTENDS ClaimQueue

Unseen(a, keys) == TRUE
====
