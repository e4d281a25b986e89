---- MODULE ExpiredTicketRevived ----
\* An expired ticket counts again when its owner wakes, although others queued without counting it.
EXTENDS ClaimQueue

Revived(a) ==
    /\ process[a] = "stalled" /\ ~HasTicket(a)
    /\ process' = [process EXCEPT ![a] = "running"]
    /\ queue' = [i \in Places |-> IF queue[i].who = a THEN [queue[i] EXCEPT !.lapsed = FALSE] ELSE queue[i]]
    /\ UNCHANGED claims
====
