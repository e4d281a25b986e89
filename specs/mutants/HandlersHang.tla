---- MODULE HandlersHang ----
\* A handler may run for ever.
EXTENDS Cursors

Unfair == TRUE
====
