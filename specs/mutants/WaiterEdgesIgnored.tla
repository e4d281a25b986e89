---- MODULE WaiterEdgesIgnored ----
\* The search for a cycle follows only holders, not earlier waiters.
EXTENDS ClaimQueue

HeldBy(keys) == {c.holder : c \in {d \in Holders(keys) : ~Dead(d.holder)}}
HeldAgainst(a) == UNION {HeldBy(queue[i].keys) : i \in {j \in PlacesOf(a) : TicketGuard(queue[j])}}
Unseen(a, keys) ==
    LET reach[n \in 0 .. Cardinality(Agents)] ==
            IF n = 0 THEN HeldBy(keys) ELSE reach[n - 1] \cup UNION {HeldAgainst(b) : b \in reach[n - 1]}
    IN  a \notin reach[Cardinality(Agents)]
====
