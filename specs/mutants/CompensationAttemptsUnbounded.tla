---- MODULE CompensationAttemptsUnbounded ----
\* A compensation without an outcome is retried forever.
EXTENDS Sagas

Always(s) == TRUE
====
