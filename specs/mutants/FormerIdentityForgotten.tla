---- MODULE FormerIdentityForgotten ----
\* An adopted file does not keep the identity that it had.
EXTENDS Adoption

WithoutOwn(f, replaced) == f.former \cup replaced
====
