---- MODULE ContentionHintExpires ----
\* The hint is raised once for each wait, and expires while the wait lasts.
EXTENDS WriterQueue

Anytime == TRUE
====
