---- MODULE LookupOnlyReads ----
\* Looking for a commit's id only reads: 'not there' is said, and then the file is recovered with it.
EXTENDS Transactions

Kept == behind
====
