---- MODULE EvictedBeforeNoted ----
\* Versions are deleted in one commit, and that is noted in another.
EXTENDS Retention

TwoCommits(deleted, noted) == TRUE
====
