---- MODULE SaltIgnored ----
\* A force of a log that was restarted since counts, if it was of as many frames.
EXTENDS EarlyRelease

FramesAlone(forced, need) == forced.frames >= need.frames
====
