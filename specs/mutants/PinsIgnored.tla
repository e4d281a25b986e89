---- MODULE PinsIgnored ----
\* Retention ignores pins.
EXTENDS Retention

HoldsNothing(k, from, places) == TRUE
====
