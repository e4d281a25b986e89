---- MODULE CopiesOpened ----
\* A copy is opened like any other store.
EXTENDS Adoption

LikeAny(p) == TRUE
====
