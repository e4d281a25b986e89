---- MODULE HandlersHang ----
\* A handler may run forever.
EXTENDS Cursors

Unfair == TRUE
====
