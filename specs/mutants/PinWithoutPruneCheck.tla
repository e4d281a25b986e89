---- MODULE PinWithoutPruneCheck ----
\* A sequence number is pinned without checking whether that state is still kept.
EXTENDS Retention

TooLate(place) == TRUE
====
