---- MODULE OthersInBetween ----
\* Others commit while a transaction is under way.
EXTENDS ChainedUpdates

Unlocked == TRUE
====
