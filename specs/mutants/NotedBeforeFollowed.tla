---- MODULE NotedBeforeFollowed ----
\* The watermark is set before the changes are applied.
EXTENDS StaleReads

AtOnce(r) == TRUE
====
