---- MODULE CheckedBeforeRead ----
\* Whether something was evicted is asked before the batch is read.
EXTENDS Cursors

CheckFirst == <<"check", "read">>
====
