---- MODULE PruneUnnoticed ----
\* A consumer does not check whether a change after the cursor was pruned.
EXTENDS Cursors

Unnoticed(c) == TRUE
====
