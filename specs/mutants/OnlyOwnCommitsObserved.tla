---- MODULE OnlyOwnCommitsObserved ----
\* A stale read is compared only with commits of this process, not with the commits of others that it saw.
EXTENDS CachedReads

OwnAlone(kind) == kind # "latest" => noted.place >= acknowledged
====
