---- MODULE HeaderUnchecked ----
\* A cached row is served as the latest without comparing the header.
EXTENDS CachedReads

Uncompared(kind) == TRUE
====
