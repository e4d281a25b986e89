---- MODULE ResolvedTaskNotWithdrawn ----
\* An operator resolves a saga, and its task stays offered.
EXTENDS SagaTasks

Unchanged == work
====
