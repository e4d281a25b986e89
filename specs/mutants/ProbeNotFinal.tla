---- MODULE ProbeNotFinal ----
\* The answer of a probe is not final: a call that the probe did not see arrives later.
EXTENDS Sagas

NotByAnswer(what, s) == what = "operator" \/ (what = "compensation" /\ s \in SafeToUndo)
====
