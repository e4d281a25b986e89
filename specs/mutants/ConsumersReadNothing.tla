---- MODULE ConsumersReadNothing ----
\* Whoever has the cursor need not read a batch.
EXTENDS Cursors

Unfair == TRUE
====
