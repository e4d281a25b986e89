---- MODULE TicketsDoNotCount ----
\* No ticket counts.
EXTENDS ClaimQueue

Never(ticket) == FALSE
====
