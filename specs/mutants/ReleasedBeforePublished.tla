---- MODULE ReleasedBeforePublished ----
\* The lock is given back as soon as the frames are written, so that the next judges without seeing them.
EXTENDS EarlyRelease

AsSoonAsWritten(p) == proc[p].doing \in {"written", "published"}
====
