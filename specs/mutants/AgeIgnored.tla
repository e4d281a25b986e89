---- MODULE AgeIgnored ----
\* A version beyond the count is pruned, although the age requires it.
EXTENDS Retention

Ageless(k, from) == TRUE
====
