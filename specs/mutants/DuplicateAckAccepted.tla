---- MODULE DuplicateAckAccepted ----
\* An acknowledgement whose answer was lost is retried without checking the position of the cursor.
EXTENDS Cursors

Anywhere(c) == TRUE
====
