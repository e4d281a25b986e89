---- MODULE ProjectionAndCursorSplit ----
\* The writes of a projection are one commit, and the move of its cursor is another.
EXTENDS Cursors

TwoCommits(wrote, went) == TRUE
====
