---- MODULE VersionUnchecked ----
\* No precondition of a write is checked.
EXTENDS FencedCommit

Unchecked(k, expects) == TRUE
====
