---- MODULE FenceRemoved ----
\* A claim is always valid.
EXTENDS FencedCommit

Removed(c) == TRUE
====
