---- MODULE ProbeUnfair ----
\* A probe need not be asked.
EXTENDS Sagas

Unfair == TRUE
====
