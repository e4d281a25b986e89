---- MODULE WritesWithoutTheirCursor ----
\* What a projection writes is one commit, and the move of its cursor is another.
EXTENDS Cursors

TwoCommits(wrote, went) == TRUE
====
