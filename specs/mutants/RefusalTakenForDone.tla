---- MODULE RefusalTakenForDone ----
\* A worker that refuses is taken to have done its part.
EXTENDS SagaWork

Hopefully == {"done"}
====
