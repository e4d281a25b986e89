---- MODULE RetriedBlindly ----
\* An unknown outcome is taken for a failure, and the commit is made twice.
EXTENDS Transactions

Never(t) == FALSE
====
