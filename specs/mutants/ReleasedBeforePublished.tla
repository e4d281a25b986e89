---- MODULE ReleasedBeforePublished ----
\* The lock is released when the frames are written, so the next process validates without seeing them.
EXTENDS EarlyLockRelease

AsSoonAsWritten(p) == proc[p].doing \in {"written", "published"}
====
