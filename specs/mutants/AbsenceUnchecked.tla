---- MODULE AbsenceUnchecked ----
\* An expected version is checked, but an expected absence is not.
EXTENDS FencedCommit

Unchecked(k, expects) == expects \in {Anything, 0} \/ (Present(k) /\ LastVersion(k) = expects)
====
