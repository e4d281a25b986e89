---- MODULE ForeignCommitBeforeOwnIgnored ----
\* A commit of this process is applied without asking the log, although one before it was not applied.
EXTENDS CachedReads

WhoeverCameBefore == TRUE
====
