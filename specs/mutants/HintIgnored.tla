---- MODULE HintIgnored ----
\* A process takes the free write lock at once although others wait.
EXTENDS WriterQueue

Anytime(p) == TRUE
====
