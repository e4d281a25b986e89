---- MODULE IdempotencyKeyForgotten ----
\* An idempotency key is forgotten after the compensation, so a late call takes effect.
EXTENDS Sagas

Forgotten(s) == TRUE
====
