---- MODULE PreemptionAllowed ----
\* Any claim may be reclaimed at any time.
EXTENDS FencedCommit

Always(c) == TRUE
====
