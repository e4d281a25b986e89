---- MODULE OffersOfResolvedSagas ----
\* An operator resolves a saga, and its task stays offered.
EXTENDS SagaWork

Unchanged == work
====
