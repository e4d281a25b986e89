---- MODULE FunctionsNeverEnd ----
\* A function may run forever.
EXTENDS Transactions

Unfair == TRUE
====
