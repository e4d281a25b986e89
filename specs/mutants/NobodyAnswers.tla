---- MODULE NobodyAnswers ----
\* A committer need not answer its caller.
EXTENDS EarlyRelease

Unfair == TRUE
====
