---- MODULE OffersOfResolvedSagas ----
\* An operator resolves a saga, and its work stays offered.
EXTENDS SagaWork

Unchanged == work
====
