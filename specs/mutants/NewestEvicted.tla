---- MODULE NewestEvicted ----
\* A key of which no version must be kept loses its newest version.
EXTENDS Retention

WhicheverItIs(k, from) == TRUE
====
