---- MODULE HeaderReadAfterLog ----
\* The header of the watermark is read after the log is asked.
EXTENDS CachedReads

ReadAfterwards(r) == Header
====
