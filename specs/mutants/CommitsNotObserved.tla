---- MODULE CommitsNotObserved ----
\* An acknowledged commit does not advance the high-water mark.
EXTENDS CachedReads

Unmoved(place) == horizon
====
