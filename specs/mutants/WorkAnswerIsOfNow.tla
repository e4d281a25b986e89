---- MODULE WorkAnswerIsOfNow ----
\* A probe says what was so far. The zombie does the work later.
EXTENDS SagaWork

OfNow == claims
====
