---- MODULE MaxHoldResetByRenew ----
\* A renewal also extends the maximum hold.
EXTENDS ClaimQueue

Always(c) == TRUE
====
