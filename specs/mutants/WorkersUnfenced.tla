---- MODULE WorkersUnfenced ----
\* A worker reports although its claim was taken back.
EXTENDS SagaTasks

Unfenced(c) == TRUE
====
