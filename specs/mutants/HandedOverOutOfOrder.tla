---- MODULE HandedOverOutOfOrder ----
\* A free key is handed over to any waiter.
EXTENDS ClaimQueue

ToAny(a) ==
    /\ \E i \in PlacesOf(a) :
        /\ HandOverGuard(queue[i])
        /\ FreeGuard(queue[i].keys)
        /\ claims' = Granted(a, queue[i].keys, FALSE)
        /\ queue' = Without(i)
    /\ UNCHANGED process
====
