---- MODULE StaleLoadCached ----
\* A loaded row is cached even if changes were applied meanwhile.
EXTENDS CachedReads

Regardless(r) == TRUE
====
