---- MODULE UnknownReportedCommitted ----
\* An unknown outcome counts as a success.
EXTENDS Transactions

Always(t) == TRUE
====
