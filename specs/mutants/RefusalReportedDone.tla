---- MODULE RefusalReportedDone ----
\* A refusal by a worker counts as done.
EXTENDS SagaTasks

Hopefully == {"done"}
====
