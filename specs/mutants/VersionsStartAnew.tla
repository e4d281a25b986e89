---- MODULE VersionsStartAnew ----
\* A key created again counts from one.
EXTENDS FencedCommit

Anew(k) == IF Present(k) THEN LastVersion(k) + 1 ELSE 1
====
