---- MODULE TaskRetriedBlindly ----
\* A worker that is in doubt executes the task again under the same intent.
EXTENDS SagaTasks

Again(c) == claims[c].hand \in {"to do", "did"}
====
