---- MODULE EpochMovedByDelete ----
\* A deletion moves the epoch, and so fences the holder who deleted.
EXTENDS FencedCommit

Moved(event, before) == IF event = "released" THEN before ELSE before + 1
====
