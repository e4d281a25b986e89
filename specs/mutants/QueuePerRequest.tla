---- MODULE QueuePerRequest ----
\* Only those who wait for the very same keys stand in one queue.
EXTENDS ClaimQueue

Same(keys, place) == \A i \in Places : i < place /\ queue[i].keys = keys => ~TicketGuard(queue[i])
====
