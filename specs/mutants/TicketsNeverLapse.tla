---- MODULE TicketsNeverLapse ----
\* The ticket of a process that stalls for good need not lapse.
EXTENDS ClaimQueue

Unfair == TRUE
====
