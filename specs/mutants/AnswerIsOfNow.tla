---- MODULE AnswerIsOfNow ----
\* A probe says what was so far. The call that it did not see arrives later.
EXTENDS Sagas

NotByAnswer(what, s) == what = "operator" \/ (what = "compensation" /\ s \in SafeToUndo)
====
