---- MODULE OthersAfterOwn ----
\* An own commit is followed though others have committed since.
EXTENDS StaleReads

WhoeverCameAfter == TRUE
====
