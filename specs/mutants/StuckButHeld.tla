---- MODULE StuckButHeld ----
\* Whoever leaves a saga to the operator keeps the claim on it.
EXTENDS Sagas

Kept(entry) == IF entry = "end" THEN "over" ELSE "running"
====
