---- MODULE CompensatedByStepOrder ----
\* Steps are compensated in reverse order of their numbers, not of their completion.
EXTENDS Sagas

ByNumber(s) == \A t \in ToUndo : t > s => Is(t, {"undone"})
====
