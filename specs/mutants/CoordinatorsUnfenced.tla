---- MODULE CoordinatorsUnfenced ----
\* A coordinator writes on, whoever has the saga.
EXTENDS Sagas

Unfenced(r) == TRUE
====
