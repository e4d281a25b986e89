---- MODULE CoordinatorsBeginNothing ----
\* A coordinator need not begin what is to be done.
EXTENDS Sagas

Unfair == TRUE
====
