---- MODULE LiveHolderPreempted ----
\* Any claim may be reclaimed at any time.
EXTENDS ClaimQueue

Always(c) == TRUE
====
