---- MODULE RetriedForEver ----
\* The function may always run again.
EXTENDS Transactions

Always(t) == TRUE
====
