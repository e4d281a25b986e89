---- MODULE NotedWhenOpened ----
\* What was evicted is looked up when a snapshot is opened, not with each read.
EXTENDS Retention

WhenOpened(p, k) == noteThen[p][k]
====
