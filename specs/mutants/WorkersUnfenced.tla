---- MODULE WorkersUnfenced ----
\* A worker reports although its claim was taken back.
EXTENDS SagaWork

Unfenced(c) == TRUE
====
