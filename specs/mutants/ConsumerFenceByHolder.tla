---- MODULE ConsumerFenceByHolder ----
\* An acknowledgement counts while its consumer holds the cursor, even under a later claim.
EXTENDS Cursors

ByName(c) == Open(Latest) /\ claims[c].who = claims[Latest].who
====
