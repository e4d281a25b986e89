---- MODULE ResolveUnfair ----
\* An unknown outcome need not be resolved.
EXTENDS Transactions

Unfair == TRUE
====
