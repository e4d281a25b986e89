---- MODULE WorkTakenBack ----
\* The coordinator takes work back at any time.
EXTENDS SagaWork

AtAnyTime == TRUE
====
