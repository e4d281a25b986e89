---- MODULE OthersInBetween ----
\* Another process commits during a transaction.
EXTENDS ChainedUpdates

Unlocked == TRUE
====
