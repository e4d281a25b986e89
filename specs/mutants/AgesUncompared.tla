---- MODULE AgesUncompared ----
\* What is kept is served, however old it is.
EXTENDS StaleReads

Uncompared(kind) == TRUE
====
