---- MODULE VersionCounterReset ----
\* A key that is created again starts at version one.
EXTENDS FencedCommit

Anew(k) == IF Present(k) THEN LastVersion(k) + 1 ELSE 1
====
