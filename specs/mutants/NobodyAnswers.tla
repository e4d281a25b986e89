---- MODULE NobodyAnswers ----
\* A committer may keep for itself what became of its commit.
EXTENDS EarlyRelease

Unfair == TRUE
====
