---- MODULE DeathUndoesUnforced ----
\* The death of a process loses commits that are not synced.
EXTENDS EarlyRelease

OnlyForced == SubSeq(log, 1, Min(durable, Published))
====
