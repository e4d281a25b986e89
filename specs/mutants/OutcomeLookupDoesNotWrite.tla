---- MODULE OutcomeLookupDoesNotWrite ----
\* The lookup of a commit ID only reads. The answer is 'not found', and a recovery then restores the commit.
EXTENDS Transactions

Kept == behind
====
