---- MODULE BeginningForgotten ----
\* Before the first version that is kept everything is said to be no longer kept.
EXTENDS Retention

WithoutBeginning(k, from, place) == from > 1 /\ place < PlaceOf(k, from)
====
