---- MODULE ParkedSagasDriven ----
\* A parked saga is driven though nothing is new.
EXTENDS SagaWork

Anyway(known) == TRUE
====
