---- MODULE MarkUnseenByCommits ----
\* A process that opened the log after a force had failed commits without mending it.
EXTENDS EarlyRelease

Unseen(purpose) == purpose = "commit" \/ ~mark
====
