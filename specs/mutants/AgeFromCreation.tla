---- MODULE AgeFromCreation ----
\* The age of a version counts from its own commit, although it was current until recently.
EXTENDS Retention

ByBirth(k, from) == from <= VersionAt(k, AgoIs(KeepAge)) + 1
====
