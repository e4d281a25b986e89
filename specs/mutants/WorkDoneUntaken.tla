---- MODULE WorkDoneUntaken ----
\* Work is done by those to whom it is offered, and taken afterwards.
EXTENDS SagaWork

Untaken(c) == claims[c].hand = "to do" \/ (work = "offered" /\ claims[c].hand = "none")
====
