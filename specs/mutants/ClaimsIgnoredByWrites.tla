---- MODULE ClaimsIgnoredByWrites ----
\* A write ignores claims of others.
EXTENDS FencedCommit

Ignored(k, under) == TRUE
====
