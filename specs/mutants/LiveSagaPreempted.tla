---- MODULE LiveSagaPreempted ----
\* A saga is taken over from its live coordinator.
EXTENDS Sagas

FromAnybody == ~Ended /\ journal.stuck = NotStuck
====
