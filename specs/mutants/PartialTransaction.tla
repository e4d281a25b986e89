---- MODULE PartialTransaction ----
\* A commit with puts and deletions omits the deletions.
EXTENDS Transactions

Half(t, writes) == [by |-> t, puts |-> writes.puts, deletes |-> {}]
====
