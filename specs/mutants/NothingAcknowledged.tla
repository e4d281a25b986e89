---- MODULE NothingAcknowledged ----
\* What was handled need not be acknowledged.
EXTENDS Cursors

Unfair == TRUE
====
