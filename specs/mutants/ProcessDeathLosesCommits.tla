---- MODULE ProcessDeathLosesCommits ----
\* The death of a process loses commits that are not synced.
EXTENDS EarlyLockRelease

OnlyForced == SubSeq(log, 1, Min(durable, Published))
====
