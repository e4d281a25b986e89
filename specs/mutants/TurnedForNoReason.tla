---- MODULE TurnedForNoReason ----
\* A saga turns back at any time.
EXTENDS Sagas

NoCause == TRUE
====
