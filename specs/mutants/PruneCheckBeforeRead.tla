---- MODULE PruneCheckBeforeRead ----
\* Pruning is checked before the batch is read.
EXTENDS Cursors

CheckFirst == <<"check", "read">>
====
