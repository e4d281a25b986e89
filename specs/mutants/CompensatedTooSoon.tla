---- MODULE CompensatedTooSoon ----
\* A saga is compensated when one step is.
EXTENDS Sagas

TooSoon == ToUndo = {} \/ \E s \in ToUndo : Is(s, {"undone"})
====
