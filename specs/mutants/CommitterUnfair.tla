---- MODULE CommitterUnfair ----
\* A committer may stop in the middle of its commit.
EXTENDS EarlyLockRelease

Unfair == TRUE
====
