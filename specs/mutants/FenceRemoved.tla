---- MODULE FenceRemoved ----
\* A claim is good for ever.
EXTENDS FencedCommit

Removed(c) == TRUE
====
