---- MODULE PinsHoldNothing ----
\* Retention does not ask for pins.
EXTENDS Retention

HoldsNothing(k, from, places) == TRUE
====
