---- MODULE OnlyWrittenReadsChecked ----
\* Only what was also written is validated: a write skew.
EXTENDS Transactions

Written(t, writes) == \A k \in txn[t].reads \cap WrittenBy(writes) : ~ChangedSince(k, txn[t].snapshot)
====
