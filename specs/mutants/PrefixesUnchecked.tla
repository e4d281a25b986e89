---- MODULE PrefixesUnchecked ----
\* Listed prefixes are not validated.
EXTENDS Transactions

Unchecked(t, writes) == TRUE
====
