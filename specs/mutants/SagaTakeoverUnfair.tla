---- MODULE SagaTakeoverUnfair ----
\* A saga whose claim is free, or whose holder died, need not be taken over.
EXTENDS Sagas

Unfair == TRUE
====
