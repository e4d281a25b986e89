---- MODULE DoubtfulWorkWithdrawn ----
\* Work that is offered again is withdrawn as if nobody had ever taken it.
EXTENDS SagaWork

NoDoubt == TRUE
====
