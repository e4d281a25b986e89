---- MODULE QueuePassesOver ----
\* The operating system may give the queue to others each time it is free.
EXTENDS Turnstile

Unfair == \A p \in Processes : WF_vars(TakeQueue(p))
====
