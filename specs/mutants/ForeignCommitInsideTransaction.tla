---- MODULE ForeignCommitInsideTransaction ----
\* Another process commits during a transaction.
EXTENDS PipelinedUpdates

Unlocked == TRUE
====
