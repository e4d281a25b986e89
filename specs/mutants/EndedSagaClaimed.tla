---- MODULE EndedSagaClaimed ----
\* A saga is taken over although it has ended.
EXTENDS Sagas

ThoughEnded == journal.stuck = NotStuck /\ (Held => runs[Epoch].life # "running")
====
