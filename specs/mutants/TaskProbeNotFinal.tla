---- MODULE TaskProbeNotFinal ----
\* The answer of a probe is not final: the zombie executes the task later.
EXTENDS SagaTasks

OfNow == claims
====
