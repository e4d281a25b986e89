---- MODULE ReplacedHistoryOpened ----
\* A copy is opened if the original has another identity now, even if it had the identity of the copy before.
EXTENDS Adoption

PresentIdentity(p) ==
    LET f == files[at[p]]
        there == at[f.home]
    IN  f.home = p \/ there = 0 \/ files[there].id # f.id
====
