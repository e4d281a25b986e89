---- MODULE HeaderReadAfterwards ----
\* The header that is noted is read after the log was asked.
EXTENDS StaleReads

ReadAfterwards(r) == Header
====
