---- MODULE TombstoneMatchesVersion ----
\* A version is compared without checking whether the key is present.
EXTENDS FencedCommit

Compared(k, expects) == expects = Anything \/ (expects = 0 /\ ~Present(k)) \/ (expects # 0 /\ LastVersion(k) = expects)
====
