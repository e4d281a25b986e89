---- MODULE OwnCommitsAreEnough ----
\* A read that may be stale is compared with the process's own commits, not with what it has seen of others'.
EXTENDS StaleReads

OwnAlone(kind) == kind # "latest" => noted.place >= acknowledged
====
