---- MODULE UnknownTaskReoffered ----
\* A lost task is offered again although the step does not allow it.
EXTENDS SagaTasks

Always == Len(claims) < MaxTries
====
