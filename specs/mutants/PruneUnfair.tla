---- MODULE PruneUnfair ----
\* Retention need not continue.
EXTENDS Retention

Unfair == TRUE
====
