---- MODULE MarkUnseenByDurableReads ----
\* A process that opened the log after a force had failed reads durably without having it mended.
EXTENDS EarlyRelease

Unseen(purpose) == purpose = "read" \/ ~mark
====
