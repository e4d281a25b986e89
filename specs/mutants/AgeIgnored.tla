---- MODULE AgeIgnored ----
\* What is beyond the count is evicted, though it was there lately.
EXTENDS Retention

Ageless(k, from) == TRUE
====
