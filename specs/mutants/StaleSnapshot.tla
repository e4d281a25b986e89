---- MODULE StaleSnapshot ----
\* The first read is of the commit before the latest, as from a cache that is not compared.
EXTENDS Transactions

Past(t) == IF txn[t].snapshot # NoSnapshot THEN txn[t].snapshot ELSE IF Latest = 0 THEN 0 ELSE Latest - 1
====
