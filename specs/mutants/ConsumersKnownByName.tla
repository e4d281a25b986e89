---- MODULE ConsumersKnownByName ----
\* What a consumer acknowledges counts while it has the cursor, under a later claim too.
EXTENDS Cursors

ByName(c) == Open(Latest) /\ claims[c].who = claims[Latest].who
====
