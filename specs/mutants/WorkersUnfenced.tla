---- MODULE WorkersUnfenced ----
\* A worker reports though its claim was taken back.
EXTENDS SagaWork

Unfenced(c) == TRUE
====
