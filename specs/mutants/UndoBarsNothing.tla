---- MODULE UndoBarsNothing ----
\* A compensation of what did not happen leaves the door open for the call that arrives later.
EXTENDS Sagas

NotByUndo(what, s) == what \in {"answer", "operator"}
====
