---- MODULE ReplacedHistoryOpened ----
\* A copy is opened while the original has another identity, though it is of a history that ended there.
EXTENDS Adoption

PresentIdentity(p) ==
    LET f == files[at[p]]
        there == at[f.home]
    IN  f.home = p \/ there = 0 \/ files[there].id # f.id
====
