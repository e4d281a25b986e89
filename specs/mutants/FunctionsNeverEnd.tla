---- MODULE FunctionsNeverEnd ----
\* A function may run for ever.
EXTENDS Transactions

Unfair == TRUE
====
