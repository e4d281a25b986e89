---- MODULE WorkersKnownByName ----
\* A report counts while its worker has the work, under a later claim too.
EXTENDS SagaWork

ByName(c) ==
    claims[Latest].life \in {"running", "past"} /\ claims[c].who = claims[Latest].who
====
