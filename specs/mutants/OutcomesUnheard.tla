---- MODULE OutcomesUnheard ----
\* The coordinator need not journal an outcome.
EXTENDS SagaWork

Unfair == TRUE
====
