---- MODULE CommitsDoNotCount ----
\* An acknowledged commit does not move the horizon.
EXTENDS StaleReads

Unmoved(place) == horizon
====
