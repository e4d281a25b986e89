---- MODULE BegunSagasEnded ----
\* A saga is ended at once though a step has begun.
EXTENDS Sagas

ThoughBegun == TRUE
====
