---- MODULE PinnedTooLate ----
\* A place is pinned without asking whether all that was there is still kept.
EXTENDS Retention

TooLate(place) == TRUE
====
