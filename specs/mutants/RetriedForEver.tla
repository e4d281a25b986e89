---- MODULE RetriedForEver ----
\* The function may run again without bound.
EXTENDS Transactions

Always(t) == TRUE
====
