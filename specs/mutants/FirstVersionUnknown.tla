---- MODULE FirstVersionUnknown ----
\* Every sequence number before the first kept version reads as pruned.
EXTENDS Retention

WithoutBeginning(k, from, place) == from > 1 /\ place < PlaceOf(k, from)
====
