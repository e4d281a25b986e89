---- MODULE EndedClaimLeftOnKey ----
\* A claim ends, but its key still names it.
EXTENDS FencedCommit

Kept(cs) == claimed
====
