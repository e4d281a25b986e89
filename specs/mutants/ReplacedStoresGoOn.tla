---- MODULE ReplacedStoresGoOn ----
\* A store goes on though its place has another file.
EXTENDS Adoption

Anyway(s) == TRUE
====
