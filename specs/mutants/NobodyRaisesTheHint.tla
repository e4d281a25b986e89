---- MODULE NobodyRaisesTheHint ----
\* Whoever finds the write lock taken does not say so.
EXTENDS Turnstile

Silent == FALSE
====
