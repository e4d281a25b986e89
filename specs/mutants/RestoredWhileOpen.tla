---- MODULE RestoredWhileOpen ----
\* A file is replaced while stores have it open.
EXTENDS Adoption

NotForRestore(what, p) == what = "adopt" => Users(p) = {}
====
