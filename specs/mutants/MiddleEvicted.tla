---- MODULE MiddleEvicted ----
\* Versions are pruned while earlier ones are kept.
EXTENDS Retention

AnyOfThem(gone, before) == TRUE
====
