---- MODULE CompletedThoughCancelled ----
\* Whether somebody cancelled is asked before an intent only, not at the end.
EXTENDS Sagas

Unheeding == TRUE
====
