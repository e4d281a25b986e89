---- MODULE ClaimsNotEnded ----
\* Claims of the history before are held in the new one.
EXTENDS Adoption

Unchanged(claims) == claims
====
