---- MODULE DriveUnfair ----
\* A parked saga with news need not be driven.
EXTENDS SagaTasks

Unfair == TRUE
====
