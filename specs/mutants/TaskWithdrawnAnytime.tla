---- MODULE TaskWithdrawnAnytime ----
\* The coordinator takes a task back at any time.
EXTENDS SagaTasks

AtAnyTime == TRUE
====
