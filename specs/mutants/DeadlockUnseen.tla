---- MODULE DeadlockUnseen ----
\* Nobody looks for a cycle.
EXTENDS ClaimQueue

Unseen(a, keys) == TRUE
====
