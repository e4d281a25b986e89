---- MODULE CompletedAfterCancel ----
\* A cancel is checked only before an intent, not at the end.
EXTENDS Sagas

Unheeding == TRUE
====
