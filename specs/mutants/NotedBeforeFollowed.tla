---- MODULE NotedBeforeFollowed ----
\* That the log was followed is noted before it is.
EXTENDS StaleReads

AtOnce(r) == TRUE
====
