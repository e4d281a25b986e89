---- MODULE StuckClaimKept ----
\* A run that leaves a saga to the operator keeps the claim.
EXTENDS Sagas

Kept(entry) == IF entry = "end" THEN "over" ELSE "running"
====
