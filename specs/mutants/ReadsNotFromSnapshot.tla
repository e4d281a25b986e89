---- MODULE ReadsNotFromSnapshot ----
\* Each read is of the latest commit, so a transaction sees a part of another commit.
EXTENDS Transactions

Now(t) == Latest
====
