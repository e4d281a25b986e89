---- MODULE ReportUnfair ----
\* A worker that executed the task need not report.
EXTENDS SagaTasks

Unfair == TRUE
====
