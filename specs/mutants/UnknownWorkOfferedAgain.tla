---- MODULE UnknownWorkOfferedAgain ----
\* A lost task is offered again although the step does not allow it.
EXTENDS SagaWork

Always == Len(claims) < MaxTries
====
