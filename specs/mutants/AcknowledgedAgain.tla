---- MODULE AcknowledgedAgain ----
\* An acknowledgement whose answer was lost is made again, wherever the cursor stands now.
EXTENDS Cursors

Anywhere(c) == TRUE
====
