---- MODULE ReadsUnchecked ----
\* What was read is not validated: a lost update.
EXTENDS Transactions

Unchecked(t, writes) == TRUE
====
