---- MODULE OutcomeUnfair ----
\* A coordinator need not journal an outcome.
EXTENDS Sagas

Unfair == TRUE
====
