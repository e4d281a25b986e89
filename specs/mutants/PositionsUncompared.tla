---- MODULE PositionsUncompared ----
\* A cached row is served without comparing the requested position.
EXTENDS StaleReads

Uncompared(kind, least) == TRUE
====
