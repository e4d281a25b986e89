---- MODULE CountIgnored ----
\* What is old enough is evicted, though it is one of the versions to be kept.
EXTENDS Retention

Uncounted(k, from) == TRUE
====
