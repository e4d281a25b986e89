---- MODULE RefusedButReclaimed ----
\* What stood in the way is reclaimed, though the commit is then refused.
EXTENDS FencedCommit

Always(verdict) == TRUE
====
