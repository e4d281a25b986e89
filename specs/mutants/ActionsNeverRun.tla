---- MODULE ActionsNeverRun ----
\* An action whose intent is journaled need not be run.
EXTENDS Sagas

Unfair == TRUE
====
