---- MODULE EscalationUnfair ----
\* A saga that can neither continue nor roll back need not become stuck.
EXTENDS Sagas

Unfair == TRUE
====
