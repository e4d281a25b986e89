---- MODULE WorkDoneAgain ----
\* A worker that is not sure does the work again, under the same intent.
EXTENDS SagaWork

Again(c) == claims[c].hand \in {"to do", "did"}
====
