---- MODULE TurnedForNoReason ----
\* A saga rolls back at any time.
EXTENDS Sagas

NoCause == TRUE
====
