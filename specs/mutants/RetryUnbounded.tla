---- MODULE RetryUnbounded ----
\* The function may run again without bound.
EXTENDS Transactions

Always(t) == TRUE
====
