---- MODULE AckUnfair ----
\* A handled batch need not be acknowledged.
EXTENDS Cursors

Unfair == TRUE
====
