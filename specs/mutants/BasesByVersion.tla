---- MODULE BasesByVersion ----
\* A snapshot is compared by version, without the identity.
EXTENDS Adoption

AnyIdentity(s, basis) == TRUE
====
