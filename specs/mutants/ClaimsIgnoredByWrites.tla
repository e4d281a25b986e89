---- MODULE ClaimsIgnoredByWrites ----
\* A write asks for nobody's claim.
EXTENDS FencedCommit

Ignored(k, under) == TRUE
====
