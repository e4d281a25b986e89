---- MODULE StalledWaitersBlock ----
\* The ticket of a process that stays stalled counts.
EXTENDS ClaimQueue

Alive(ticket) == ~Dead(ticket.who)
====
