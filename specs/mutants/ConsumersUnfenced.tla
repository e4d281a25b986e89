---- MODULE ConsumersUnfenced ----
\* A consumer acknowledges though another has taken over.
EXTENDS Cursors

Unfenced(c) == TRUE
====
