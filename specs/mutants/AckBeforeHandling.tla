---- MODULE AckBeforeHandling ----
\* A batch is acknowledged on delivery.
EXTENDS Cursors

Unhandled(c) == TRUE
====
