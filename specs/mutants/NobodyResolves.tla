---- MODULE NobodyResolves ----
\* An unknown outcome may stay unknown.
EXTENDS Transactions

Unfair == TRUE
====
