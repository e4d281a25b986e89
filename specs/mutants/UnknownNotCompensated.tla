---- MODULE UnknownNotCompensated ----
\* Only steps that are known to be done are compensated.
EXTENDS Sagas

OnlyDone == {}
====
