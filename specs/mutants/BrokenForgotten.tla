---- MODULE BrokenForgotten ----
\* A step whose last attempt broke is neither tried again nor left to the operator.
EXTENDS Sagas

Forgotten(s) == FALSE
====
