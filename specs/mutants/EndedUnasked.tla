---- MODULE EndedUnasked ----
\* A saga of which no step has begun is ended without being asked for.
EXTENDS Sagas

Unasked == TRUE
====
