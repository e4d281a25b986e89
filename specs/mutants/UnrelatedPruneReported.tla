---- MODULE UnrelatedPruneReported ----
\* Pruned versions of keys outside the source count too.
EXTENDS Cursors

OfAllKeys(c) == \A k \in Keys : gone[k] <= claims[c].after
====
