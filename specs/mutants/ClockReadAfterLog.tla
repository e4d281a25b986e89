---- MODULE ClockReadAfterLog ----
\* The time of the watermark is read after the log is asked.
EXTENDS CachedReads

ReadAfterwards(r) == clock
====
