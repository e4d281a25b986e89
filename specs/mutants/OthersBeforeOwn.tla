---- MODULE OthersBeforeOwn ----
\* An own commit is followed though one before it was not.
EXTENDS StaleReads

WhoeverCameBefore == TRUE
====
