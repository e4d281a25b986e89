---- MODULE HalfAClaim ----
\* Of the keys of a claim, those that are free are granted.
EXTENDS FencedCommit

Some(wanted, fit) == fit # {}
====
