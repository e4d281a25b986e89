---- MODULE HandedOverToTheDead ----
\* A claim is handed over to a waiter that lost its place.
EXTENDS ClaimQueue

Every(ticket) == TRUE
====
