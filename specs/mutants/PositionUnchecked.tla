---- MODULE PositionUnchecked ----
\* A cached row is served without comparing the requested position.
EXTENDS CachedReads

Uncompared(kind, least) == TRUE
====
