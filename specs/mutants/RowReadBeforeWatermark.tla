---- MODULE RowReadBeforeWatermark ----
\* A hit reads the row first and the watermark afterwards.
EXTENDS CachedReads

RowFirst == <<"row", "noted">>
====
