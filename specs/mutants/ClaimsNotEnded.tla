---- MODULE ClaimsNotEnded ----
\* Claims of the old history stay open in the new one.
EXTENDS Adoption

Unchanged(claims) == claims
====
