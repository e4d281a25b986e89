---- MODULE UnknownWorkOfferedAgain ----
\* Work that was lost is offered again.
EXTENDS SagaWork

Always == Len(claims) < MaxTries
====
