---- MODULE NobodyTurnsBack ----
\* A saga that has to turn back need not.
EXTENDS Sagas

Unfair == TRUE
====
