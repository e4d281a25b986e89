---- MODULE PruneStateReadAtOpen ----
\* The note of pruned versions is read when a snapshot is opened, not with each read.
EXTENDS Retention

WhenOpened(p, k) == noteThen[p][k]
====
