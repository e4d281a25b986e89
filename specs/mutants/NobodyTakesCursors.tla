---- MODULE NobodyTakesCursors ----
\* A cursor that nobody has, or a dead process, need not be taken.
EXTENDS Cursors

Unfair == TRUE
====
