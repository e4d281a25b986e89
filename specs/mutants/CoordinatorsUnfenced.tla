---- MODULE CoordinatorsUnfenced ----
\* A coordinator writes after the saga was taken over.
EXTENDS Sagas

Unfenced(r) == TRUE
====
