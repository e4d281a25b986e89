---- MODULE TokenIdentityUnchecked ----
\* A token is compared by claim and epoch, without the identity.
EXTENDS Adoption

AnyIdentity(s, token) == TRUE
====
