---- MODULE LivePinsDeleted ----
\* Retention deletes whatever pins are in its way.
EXTENDS Retention

AnyPin(p) == TRUE
====
