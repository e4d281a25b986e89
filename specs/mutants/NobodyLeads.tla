---- MODULE NobodyLeads ----
\* The queue may stand for ever.
EXTENDS ChainedUpdates

Unfair == TRUE
====
