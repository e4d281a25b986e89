---- MODULE HalfAnEntry ----
\* A commit that puts and deletes leaves its deletions out.
EXTENDS Transactions

Half(t, writes) == [by |-> t, puts |-> writes.puts, deletes |-> {}]
====
