---- MODULE StuckSagasTaken ----
\* A saga that waits for the operator is taken like any other.
EXTENDS Sagas

ThoughStuck == ~Ended /\ (Held => runs[Epoch].life # "running")
====
