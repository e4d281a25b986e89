---- MODULE HistoryRewritten ----
\* A write changes the versions before it.
EXTENDS FencedCommit

Tidied(k, write) == Append([i \in DOMAIN history[k] |-> [history[k][i] EXCEPT !.expected = Anything]], Row(k, write))
====
