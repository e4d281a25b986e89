---- MODULE OutcomesUnreported ----
\* A coordinator may keep an outcome for itself.
EXTENDS Sagas

Unfair == TRUE
====
