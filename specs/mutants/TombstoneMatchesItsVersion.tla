---- MODULE TombstoneMatchesItsVersion ----
\* A version is compared without asking whether the key is there.
EXTENDS FencedCommit

Compared(k, expects) == expects = Anything \/ (expects = 0 /\ ~Present(k)) \/ (expects # 0 /\ LastVersion(k) = expects)
====
