---- MODULE DeadWaitersBlock ----
\* The ticket of a dead process counts.
EXTENDS ClaimQueue

Unlapsed(ticket) == ~ticket.lapsed
====
