---- MODULE CoordinatorFenceByHolder ----
\* A run is valid while its coordinator holds the saga, even under a later claim.
EXTENDS Sagas

ByName(r) == Held /\ runs[r].who = runs[Epoch].who
====
