---- MODULE EndsNotJournaled ----
\* A coordinator need not journal that a saga has ended.
EXTENDS Sagas

Unfair == TRUE
====
