---- MODULE MiddleEvicted ----
\* Versions are evicted while some before them are kept.
EXTENDS Retention

AnyOfThem(gone, before) == TRUE
====
