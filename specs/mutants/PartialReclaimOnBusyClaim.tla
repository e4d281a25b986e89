---- MODULE PartialReclaimOnBusyClaim ----
\* A claim that is refused for one key has reclaimed another.
EXTENDS FencedCommit

Mostly(verdict) == verdict \in {"applied", "busy"}
====
