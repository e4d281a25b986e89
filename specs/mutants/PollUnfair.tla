---- MODULE PollUnfair ----
\* A waiter need not poll.
EXTENDS ClaimQueue

Unfair == TRUE
====
