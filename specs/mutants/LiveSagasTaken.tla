---- MODULE LiveSagasTaken ----
\* A saga is taken from whoever has it.
EXTENDS Sagas

FromAnybody == ~Ended /\ journal.stuck = NotStuck
====
