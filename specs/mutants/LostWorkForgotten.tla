---- MODULE LostWorkForgotten ----
\* The outcome of a lost task need not be determined.
EXTENDS SagaTasks

Unfair == TRUE
====
