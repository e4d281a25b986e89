---- MODULE TicketsIgnored ----
\* No ticket counts.
EXTENDS ClaimQueue

Never(ticket) == FALSE
====
