---- MODULE PartialClaim ----
\* A claim is granted for those of its keys that are free.
EXTENDS FencedCommit

Some(wanted, fit) == fit # {}
====
