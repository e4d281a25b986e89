---- MODULE LostWorkForgotten ----
\* Nobody need look for what became of lost work.
EXTENDS SagaWork

Unfair == TRUE
====
