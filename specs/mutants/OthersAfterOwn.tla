---- MODULE OthersAfterOwn ----
\* A commit of this process is applied without asking the log, although others have committed since.
EXTENDS StaleReads

WhoeverCameAfter == TRUE
====
