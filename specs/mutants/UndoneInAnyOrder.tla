---- MODULE UndoneInAnyOrder ----
\* Steps are compensated in any order.
EXTENDS Sagas

AnyOrder(s) == TRUE
====
