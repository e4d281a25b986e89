---- MODULE ParkedSagasDriven ----
\* A parked saga is driven without news.
EXTENDS SagaWork

Anyway(known) == TRUE
====
