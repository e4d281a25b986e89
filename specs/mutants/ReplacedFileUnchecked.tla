---- MODULE ReplacedFileUnchecked ----
\* A store continues although another file is at its path.
EXTENDS Adoption

Anyway(s) == TRUE
====
