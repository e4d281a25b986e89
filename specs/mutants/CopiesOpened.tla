---- MODULE CopiesOpened ----
\* A copy is opened like any store.
EXTENDS Adoption

LikeAny(p) == TRUE
====
