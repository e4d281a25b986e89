---- MODULE StalenessUnchecked ----
\* A cached row is served at any age.
EXTENDS CachedReads

Uncompared(kind) == TRUE
====
