---- MODULE HearUnfair ----
\* The coordinator need not journal an outcome.
EXTENDS SagaTasks

Unfair == TRUE
====
