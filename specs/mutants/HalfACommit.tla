---- MODULE HalfACommit ----
\* Of a commit, the writes that can be made are made.
EXTENDS FencedCommit

Some(wanted, fit) == fit # {}
====
