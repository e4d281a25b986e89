---- MODULE CountIgnored ----
\* A version that is old enough is pruned, although the count requires it.
EXTENDS Retention

Uncounted(k, from) == TRUE
====
