---- MODULE NobodyLeads ----
\* The queue need not be committed.
EXTENDS ChainedUpdates

Unfair == TRUE
====
