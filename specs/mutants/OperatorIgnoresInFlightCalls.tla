---- MODULE OperatorIgnoresInFlightCalls ----
\* The operator decides on a step without considering pending calls.
EXTENDS Sagas

NotByOperator(what, s) == what = "answer" \/ (what = "compensation" /\ s \in SafeToUndo)
====
