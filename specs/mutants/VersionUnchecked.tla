---- MODULE VersionUnchecked ----
\* Nothing that a write expects is checked.
EXTENDS FencedCommit

Unchecked(k, expects) == TRUE
====
