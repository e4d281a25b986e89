---- MODULE LogOpenedLate ----
\* Each force opens the log anew, and is never told of a failure that was told to another.
EXTENDS EarlyRelease

NobodyElse(p) == {}
====
