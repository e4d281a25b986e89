---- MODULE LostWorkForgotten ----
\* The outcome of a lost task need not be determined.
EXTENDS SagaWork

Unfair == TRUE
====
