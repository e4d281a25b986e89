---- MODULE UnorderedDelivery ----
\* The changes of a batch are handled in any order.
EXTENDS Cursors

AnyOrder(c, x) == TRUE
====
