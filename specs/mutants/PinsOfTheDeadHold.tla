---- MODULE PinsOfTheDeadHold ----
\* The pin of a process that is gone holds retention back for ever.
EXTENDS Retention

NoPin(p) == FALSE
====
