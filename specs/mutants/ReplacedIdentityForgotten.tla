---- MODULE ReplacedIdentityForgotten ----
\* A restored file does not keep the identities of the replaced one.
EXTENDS Adoption

WithoutReplaced(f, replaced) == f.former \cup {f.id}
====
