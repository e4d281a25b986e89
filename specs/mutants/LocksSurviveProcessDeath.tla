---- MODULE LocksSurviveProcessDeath ----
\* The file locks of a dead process are never released.
EXTENDS WriterQueue

Kept(holder, p) == holder
====
