---- MODULE BrokenAttemptForgotten ----
\* A step whose last attempt broke is neither retried nor left to the operator.
EXTENDS Sagas

Forgotten(s) == FALSE
====
