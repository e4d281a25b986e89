---- MODULE DeadPinRetained ----
\* The pin of a dead process holds back pruning forever.
EXTENDS Retention

NoPin(p) == FALSE
====
