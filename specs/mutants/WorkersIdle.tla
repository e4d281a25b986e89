---- MODULE WorkersIdle ----
\* Whoever took the work need not do it.
EXTENDS SagaWork

Unfair == TRUE
====
