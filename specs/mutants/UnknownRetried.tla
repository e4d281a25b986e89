---- MODULE UnknownRetried ----
\* An unknown outcome counts as a failure, and the commit is made twice.
EXTENDS Transactions

Never(t) == FALSE
====
