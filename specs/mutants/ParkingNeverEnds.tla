---- MODULE ParkingNeverEnds ----
\* A coordinator that parks a saga need not come to the end of it.
EXTENDS SagaWork

Unfair == TRUE
====
