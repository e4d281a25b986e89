---- MODULE AdoptedWhileOpen ----
\* A file is adopted while stores have it open.
EXTENDS Adoption

NotForAdoption(what, p) == what = "restore" => Users(p) = {}
====
