---- MODULE LiveConsumersTakenOver ----
\* A cursor is taken from whoever has it.
EXTENDS Cursors

FromAnybody == TRUE
====
