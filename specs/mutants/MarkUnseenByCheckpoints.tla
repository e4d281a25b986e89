---- MODULE MarkUnseenByCheckpoints ----
\* A log of which a force failed is moved into the database file without being mended.
EXTENDS EarlyRelease

Unseen(purpose) == purpose = "checkpoint" \/ ~mark
====
