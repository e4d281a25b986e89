---- MODULE CommitsDoNotCount ----
\* An acknowledged commit does not advance the high-water mark.
EXTENDS StaleReads

Unmoved(place) == horizon
====
