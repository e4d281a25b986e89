---- MODULE EndUnfair ----
\* A coordinator need not journal the end of a saga.
EXTENDS Sagas

Unfair == TRUE
====
