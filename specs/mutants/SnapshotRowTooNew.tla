---- MODULE SnapshotRowTooNew ----
\* A cached row is served for a snapshot although it is newer.
EXTENDS CachedReads

Unlimited(kind, least, place) == TRUE
====
