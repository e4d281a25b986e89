---- MODULE KeysForgotten ----
\* An idempotency key is forgotten when the step is compensated, so that a late call takes effect after it.
EXTENDS Sagas

Forgotten(s) == TRUE
====
