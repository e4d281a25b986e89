---- MODULE OutcomesUnheard ----
\* The coordinator need not take an outcome into the journal.
EXTENDS SagaWork

Unfair == TRUE
====
