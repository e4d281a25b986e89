---- MODULE QueuePerKeySet ----
\* Only requests for exactly the same keys share a queue.
EXTENDS ClaimQueue

Same(keys, place) == \A i \in Places : i < place /\ queue[i].keys = keys => ~TicketGuard(queue[i])
====
