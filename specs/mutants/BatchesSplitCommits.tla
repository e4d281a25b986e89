---- MODULE BatchesSplitCommits ----
\* A batch ends after so many changes, in the middle of a commit.
EXTENDS Cursors

OneChange(changes, taken) == Cardinality(taken) = 1
====
