---- MODULE StartedSagaEnded ----
\* A saga is ended at once although a step has started.
EXTENDS Sagas

ThoughBegun == TRUE
====
