---- MODULE UnforcedFramesCopied ----
\* Frames are copied into the database file before they are synced in the log.
EXTENDS EarlyLockRelease

AtOnce(p) == TRUE
====
