---- MODULE OperatorForgetsCalls ----
\* The operator says what became of a step without asking what is on its way.
EXTENDS Sagas

NotByOperator(what, s) == what = "answer" \/ (what = "compensation" /\ s \in SafeToUndo)
====
