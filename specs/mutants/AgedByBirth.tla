---- MODULE AgedByBirth ----
\* A version is as old as its own commit, though it was current until lately.
EXTENDS Retention

ByBirth(k, from) == from <= VersionAt(k, AgoIs(KeepAge)) + 1
====
