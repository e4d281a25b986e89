---- MODULE BatchesSplitCommits ----
\* A batch ends after a number of changes, in the middle of a commit.
EXTENDS Cursors

OneChange(changes, taken) == Cardinality(taken) = 1
====
