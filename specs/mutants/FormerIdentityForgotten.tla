---- MODULE FormerIdentityForgotten ----
\* An adopted file does not keep its former identity.
EXTENDS Adoption

WithoutOwn(f, replaced) == f.former \cup replaced
====
