---- MODULE KeyKeepsAnEndedClaim ----
\* A claim ends and its key still names it.
EXTENDS FencedCommit

Kept(cs) == claimed
====
