---- MODULE OvertakenByOthers ----
\* What was evicted of keys that the consumer did not ask for counts too.
EXTENDS Cursors

OfAllKeys(c) == \A k \in Keys : gone[k] <= claims[c].after
====
