---- MODULE StalledWaitersBlock ----
\* The ticket of a process that stalls for good counts.
EXTENDS ClaimQueue

Alive(ticket) == ~Dead(ticket.who)
====
