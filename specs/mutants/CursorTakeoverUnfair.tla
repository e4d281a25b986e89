---- MODULE CursorTakeoverUnfair ----
\* A cursor whose claim is free, or whose holder died, need not be claimed.
EXTENDS Cursors

Unfair == TRUE
====
