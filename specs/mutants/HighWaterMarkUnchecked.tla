---- MODULE HighWaterMarkUnchecked ----
\* A stale read is served although this process has committed since.
EXTENDS CachedReads

Ignored(kind) == TRUE
====
