---- MODULE AgesUncompared ----
\* A cached row is served at any age.
EXTENDS StaleReads

Uncompared(kind) == TRUE
====
