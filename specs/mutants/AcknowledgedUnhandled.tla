---- MODULE AcknowledgedUnhandled ----
\* A batch is acknowledged when it is handed over.
EXTENDS Cursors

Unhandled(c) == TRUE
====
