---- MODULE RetentionRests ----
\* Retention need not go on.
EXTENDS Retention

Unfair == TRUE
====
