---- MODULE CompletedTooSoon ----
\* A saga is completed when one step is done.
EXTENDS Sagas

TooSoon == \E s \in Steps : Is(s, {"done"})
====
