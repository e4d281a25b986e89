---- MODULE LoadsNotObserved ----
\* A loaded row does not advance the high-water mark, so others are served older versions.
EXTENDS CachedReads

Unmoved(place) == horizon
====
