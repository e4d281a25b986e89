---- MODULE HandedOverPartially ----
\* A waiter for several keys is granted when one of them is free.
EXTENDS ClaimQueue

WithOneKey(a) ==
    /\ \E i \in PlacesOf(a) :
        /\ HandOverGuard(queue[i])
        /\ \E k \in queue[i].keys : Grantable({k}, i)
        /\ claims' = Granted(a, queue[i].keys, FALSE)
        /\ queue' = Without(i)
    /\ UNCHANGED process
====
