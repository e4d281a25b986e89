---- MODULE PrunedBeforeRecorded ----
\* Versions are deleted in one commit, and the note of it is written in another.
EXTENDS Retention

TwoCommits(deleted, noted) == TRUE
====
