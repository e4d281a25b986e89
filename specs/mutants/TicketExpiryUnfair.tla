---- MODULE TicketExpiryUnfair ----
\* The ticket of a process that stays stalled need not expire.
EXTENDS ClaimQueue

Unfair == TRUE
====
