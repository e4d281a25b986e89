---- MODULE WorkerFenceByHolder ----
\* A report counts while its worker holds the task, even under a later claim.
EXTENDS SagaTasks

ByName(c) ==
    claims[Latest].life \in {"running", "past"} /\ claims[c].who = claims[Latest].who
====
