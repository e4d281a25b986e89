---- MODULE RetentionRests ----
\* Retention need not continue.
EXTENDS Retention

Unfair == TRUE
====
