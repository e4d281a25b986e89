---- MODULE TailingNotObserved ----
\* Tailing the log does not advance the high-water mark.
EXTENDS CachedReads

Unmoved(place) == horizon
====
