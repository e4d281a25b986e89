---- MODULE DeathUndoesUnforced ----
\* A process that dies takes with it what the disk does not have yet.
EXTENDS EarlyRelease

OnlyForced == SubSeq(log, 1, Min(durable, Published))
====
