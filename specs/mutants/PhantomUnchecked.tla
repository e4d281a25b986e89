---- MODULE PhantomUnchecked ----
\* Only the keys that the listing showed are validated: phantom.
EXTENDS Transactions

Shown(t, writes) ==
    \A keys \in txn[t].lists : \A k \in keys : PresentAt(k, txn[t].snapshot) => ~ChangedSince(k, txn[t].snapshot)
====
