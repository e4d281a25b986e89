---- MODULE WriteSkewUnchecked ----
\* Only reads of keys that are also written are validated: write skew.
EXTENDS Transactions

Written(t, writes) == \A k \in txn[t].reads \cap WrittenBy(writes) : ~ChangedSince(k, txn[t].snapshot)
====
