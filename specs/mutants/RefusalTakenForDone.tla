---- MODULE RefusalTakenForDone ----
\* A refusal by a worker counts as done.
EXTENDS SagaWork

Hopefully == {"done"}
====
