---- MODULE AbsenceUnchecked ----
\* A version is checked, but an absence is not.
EXTENDS FencedCommit

Unchecked(k, expects) == expects \in {Anything, 0} \/ (Present(k) /\ LastVersion(k) = expects)
====
