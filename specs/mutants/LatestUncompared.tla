---- MODULE LatestUncompared ----
\* What is kept is served as the latest, whatever the header says.
EXTENDS StaleReads

Uncompared(kind) == TRUE
====
