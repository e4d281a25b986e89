---- MODULE ExpiredHolderEdgesIgnored ----
\* The search for a cycle ignores a holder with an expired lease, which then renews.
EXTENDS ClaimQueue

Blocking(keys, place) ==
    {c.holder : c \in {d \in Holders(keys) : ~ReclaimGuard(d)}}
    \cup {queue[i].who : i \in {j \in Places : j < place /\ Overlap(queue[j].keys, keys) /\ TicketGuard(queue[j])}}
BlockedBy(a) == UNION {Blocking(queue[i].keys, i) : i \in {j \in PlacesOf(a) : TicketGuard(queue[j])}}
Unseen(a, keys) ==
    LET reach[n \in 0 .. Cardinality(Agents)] ==
            IF n = 0 THEN Blocking(keys, End) ELSE reach[n - 1] \cup UNION {BlockedBy(b) : b \in reach[n - 1]}
    IN  a \notin reach[Cardinality(Agents)]
====
