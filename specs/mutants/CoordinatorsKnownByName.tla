---- MODULE CoordinatorsKnownByName ----
\* A run is good while its coordinator has the saga, under a later claim too.
EXTENDS Sagas

ByName(r) == Held /\ runs[r].who = runs[Epoch].who
====
