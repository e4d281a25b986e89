---- MODULE TokensByClaimAlone ----
\* No identity is compared and no epoch raised, so a token matches a claim of either history.
EXTENDS Adoption

AnyIdentity(s, token) == TRUE
NotRaised(before, replaced) == before
====
