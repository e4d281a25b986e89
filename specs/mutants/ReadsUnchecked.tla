---- MODULE ReadsUnchecked ----
\* Reads are not validated: lost update.
EXTENDS Transactions

Unchecked(t, writes) == TRUE
====
