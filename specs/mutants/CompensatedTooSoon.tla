---- MODULE CompensatedTooSoon ----
\* A saga counts as compensated when one step is compensated.
EXTENDS Sagas

TooSoon == ToUndo = {} \/ \E s \in ToUndo : Is(s, {"undone"})
====
