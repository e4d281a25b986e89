---- MODULE ReadUnfair ----
\* The holder of a cursor need not read a batch.
EXTENDS Cursors

Unfair == TRUE
====
