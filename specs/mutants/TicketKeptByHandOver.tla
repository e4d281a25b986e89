---- MODULE TicketKeptByHandOver ----
\* A request that was handed a claim stays in the queue, and can be granted again.
EXTENDS ClaimQueue

Kept(a) ==
    /\ \E i \in PlacesOf(a) :
        /\ HandOverGuard(queue[i])
        /\ Grantable(queue[i].keys, i)
        /\ claims' = Granted(a, queue[i].keys, FALSE)
        /\ queue' = queue
    /\ UNCHANGED process
====
