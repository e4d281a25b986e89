---- MODULE HorizonIgnored ----
\* A read that may be stale is served though this process has committed since.
EXTENDS StaleReads

Ignored(kind) == TRUE
====
