---- MODULE EpochMovedByDelete ----
\* A deletion raises the epoch, and so fences the holder that deleted.
EXTENDS FencedCommit

Moved(event, before) == IF event = "released" THEN before ELSE before + 1
====
