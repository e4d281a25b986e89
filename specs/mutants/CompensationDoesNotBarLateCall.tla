---- MODULE CompensationDoesNotBarLateCall ----
\* A compensation in doubt does not block a call that arrives later.
EXTENDS Sagas

NotByUndo(what, s) == what \in {"answer", "operator"}
====
