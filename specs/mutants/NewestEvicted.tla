---- MODULE NewestEvicted ----
\* A key of which no version is to be kept loses its newest.
EXTENDS Retention

WhicheverItIs(k, from) == TRUE
====
