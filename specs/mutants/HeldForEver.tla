---- MODULE HeldForEver ----
\* Renewing cures a hold that is too long.
EXTENDS ClaimQueue

Always(c) == TRUE
====
