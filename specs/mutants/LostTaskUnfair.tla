---- MODULE LostTaskUnfair ----
\* The outcome of a lost task need not be determined.
EXTENDS SagaTasks

Unfair == TRUE
====
