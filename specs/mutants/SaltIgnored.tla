---- MODULE SaltIgnored ----
\* An fsync of the log before its restart counts, if it covered as many frames.
EXTENDS EarlyLockRelease

FramesAlone(forced, need) == forced.frames >= need.frames
====
