---- MODULE UnforcedFramesCopied ----
\* Frames are copied into the database file before the disk has them in the log.
EXTENDS EarlyRelease

AtOnce(p) == TRUE
====
