---- MODULE SnapshotAheadOfCache ----
\* A cached row is served for a snapshot to which the log was not applied.
EXTENDS CachedReads

Unreached(kind, least) == TRUE
====
