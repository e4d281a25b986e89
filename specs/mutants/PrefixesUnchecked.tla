---- MODULE PrefixesUnchecked ----
\* What was listed is not validated.
EXTENDS Transactions

Unchecked(t, writes) == TRUE
====
