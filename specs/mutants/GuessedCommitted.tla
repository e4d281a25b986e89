---- MODULE GuessedCommitted ----
\* An unknown outcome is taken for a success.
EXTENDS Transactions

Always(t) == TRUE
====
