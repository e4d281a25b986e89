---- MODULE TimeReadAfterwards ----
\* The time that is noted is read after the log was asked.
EXTENDS StaleReads

ReadAfterwards(r) == clock
====
