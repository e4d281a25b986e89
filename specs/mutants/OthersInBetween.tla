---- MODULE OthersInBetween ----
\* Another process commits during a transaction.
EXTENDS PipelinedUpdates

Unlocked == TRUE
====
