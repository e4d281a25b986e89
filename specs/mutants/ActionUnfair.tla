---- MODULE ActionUnfair ----
\* An action with a journaled intent need not run.
EXTENDS Sagas

Unfair == TRUE
====
