---- MODULE IdentityKept ----
\* An adopted file keeps its identity.
EXTENDS Adoption

SameIdentity(f) == f.id
====
