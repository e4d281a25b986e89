---- MODULE LivePinPruned ----
\* Retention deletes the pins that block it.
EXTENDS Retention

AnyPin(p) == TRUE
====
