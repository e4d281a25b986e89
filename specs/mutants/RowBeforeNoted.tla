---- MODULE RowBeforeNoted ----
\* A hit reads the row first, and what was noted afterwards.
EXTENDS StaleReads

RowFirst == <<"row", "noted">>
====
