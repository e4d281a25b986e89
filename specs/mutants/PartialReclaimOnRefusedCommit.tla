---- MODULE PartialReclaimOnRefusedCommit ----
\* The blocking claims are reclaimed although the commit is refused.
EXTENDS FencedCommit

Always(verdict) == TRUE
====
