---- MODULE ReadsAsOfNow ----
\* Each read is of the latest commit: a reader sees half of another's commit.
EXTENDS Transactions

Now(t) == Latest
====
