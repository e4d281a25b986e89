---- MODULE TurnedWhileUnderWay ----
\* A saga turns back while a pivot is under way beside the step that failed.
EXTENDS Sagas

Unsettled == TRUE
====
