---- MODULE StartUnfair ----
\* A coordinator need not start its next action.
EXTENDS Sagas

Unfair == TRUE
====
