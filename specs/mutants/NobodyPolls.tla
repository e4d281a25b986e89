---- MODULE NobodyPolls ----
\* Waiters need not ask again.
EXTENDS ClaimQueue

Unfair == TRUE
====
