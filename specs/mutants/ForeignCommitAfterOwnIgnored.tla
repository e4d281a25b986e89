---- MODULE ForeignCommitAfterOwnIgnored ----
\* A commit of this process is applied without asking the log, although others have committed since.
EXTENDS CachedReads

WhoeverCameAfter == TRUE
====
