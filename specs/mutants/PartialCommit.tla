---- MODULE PartialCommit ----
\* A commit applies those of its writes that are possible.
EXTENDS FencedCommit

Some(wanted, fit) == fit # {}
====
