---- MODULE WatermarkBeforeTail ----
\* The watermark is set before the changes are applied.
EXTENDS CachedReads

AtOnce(r) == TRUE
====
