---- MODULE ConsumersUnfenced ----
\* A consumer acknowledges after another has taken over.
EXTENDS Cursors

Unfenced(c) == TRUE
====
