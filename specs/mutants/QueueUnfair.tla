---- MODULE QueueUnfair ----
\* The operating system may always grant 'queue' to other processes.
EXTENDS WriterQueue

Unfair == \A p \in Processes : WF_vars(TakeQueue(p))
====
