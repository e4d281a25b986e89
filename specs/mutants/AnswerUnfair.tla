---- MODULE AnswerUnfair ----
\* A committer need not answer its caller.
EXTENDS EarlyLockRelease

Unfair == TRUE
====
