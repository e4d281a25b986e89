---- MODULE StuckSagaClaimed ----
\* A stuck saga is taken over like any other.
EXTENDS Sagas

ThoughStuck == ~Ended /\ (Held => runs[Epoch].life # "running")
====
