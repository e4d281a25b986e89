---- MODULE LiveConsumerPreempted ----
\* A cursor is taken from any holder.
EXTENDS Cursors

FromAnybody == TRUE
====
