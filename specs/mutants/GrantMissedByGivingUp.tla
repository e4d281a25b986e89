---- MODULE GrantMissedByGivingUp ----
\* A caller that gives up does not look for its grant.
EXTENDS ClaimQueue

Left(a) == ~Queued(a)
====
