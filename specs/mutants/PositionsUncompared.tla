---- MODULE PositionsUncompared ----
\* What is kept is served, wherever the position is that was asked for.
EXTENDS StaleReads

Uncompared(kind, least) == TRUE
====
