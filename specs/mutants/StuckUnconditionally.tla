---- MODULE StuckUnconditionally ----
\* A saga may be left to the operator at any time.
EXTENDS Sagas

NoReason(s) == TRUE
====
