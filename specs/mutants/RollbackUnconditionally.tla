---- MODULE RollbackUnconditionally ----
\* A saga rolls back at any time.
EXTENDS Sagas

NoCause == TRUE
====
