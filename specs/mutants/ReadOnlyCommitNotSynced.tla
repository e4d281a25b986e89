---- MODULE ReadOnlyCommitNotSynced ----
\* A commit that writes nothing is acknowledged without an fsync, although it depends on commits of others.
EXTENDS EarlyLockRelease

Nothing == NoPlace
====
