----------------------------- MODULE ClaimQueue -----------------------------
(***************************************************************************)
(* Waiting for claims: first come, first served, over several keys at      *)
(* once, past waiters that died or stall, without deadlock.                *)
(*                                                                         *)
(* The module FencedCommit says what a claim protects; this one says who   *)
(* gets it, and that everyone who waits gets it at last. It has no epochs  *)
(* and no versions, so it has no counters either and its behaviours may    *)
(* run for ever, which is what a statement about 'at last' needs.          *)
(*                                                                         *)
(* A claim request that cannot be granted is written into the queue with a *)
(* ticket. The waiter asks again until its ticket is granted: nobody       *)
(* grants it on its behalf. A ticket counts while its owner's process      *)
(* lives and renews it; a process that stalls lets its ticket lapse. What  *)
(* lapsed stays lapsed: the owner can only withdraw it and ask anew.       *)
(*                                                                         *)
(* The actions in the code (package dev.fencepost.internal):               *)
(*   Claim     claim.ClaimAttempt, granted at once                         *)
(*   Wait      claim.ClaimAttempt, put into the queue;                     *)
(*             claim.DeadlockDetector is the DeadlockGuard                 *)
(*   Poll      claim.ClaimAttempt with a ticket, from claim.ClaimWaiter    *)
(*   Withdraw  claim.ClaimWaiter, leaving the queue                        *)
(*   Renew     claim.Claims.renew, and claim.Heartbeat                     *)
(*   Release   claim.Claims.release                                        *)
(*   Revoke    claim.Claims.revoke                                         *)
(* The ReclaimGuard and the TicketGuard are process.LivenessChecker, the   *)
(* FreeGuard and the FirstComeGuard claim.Blockers. Hidden: RunOut (a      *)
(* lease ends), HoldTooLong (the longest hold is over), Lapse (a ticket    *)
(* ends), Stall, Wake and Die (a process).                                 *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets, TLC

CONSTANTS
    Agents,   \* the holders; each waits for one request at a time
    Keys

VARIABLES
    process,  \* per agent: "running", "stalled" or "dead"
    claims,   \* the open claims
    queue     \* the tickets, in the order in which they were drawn

vars == <<process, claims, queue>>

(***************************************************************************)
(* What the state says                                                     *)
(***************************************************************************)

Running(a) == process[a] = "running"
Dead(a) == process[a] = "dead"

Requests == SUBSET Keys \ {{}}
Overlap(left, right) == left \cap right # {}
Places == DOMAIN queue
PlacesOf(a) == {i \in Places : queue[i].who = a}
Queued(a) == PlacesOf(a) # {}
Holders(keys) == {c \in claims : Overlap(c.keys, keys)}
End == Len(queue) + 1

(***************************************************************************)
(* The rules                                                               *)
(***************************************************************************)

\* A claim may be ended unasked when its lease is past, its longest hold is over, or its holder is dead.
ReclaimGuard(c) == c.lease # "running" \/ Dead(c.holder)

\* All keys of a request are to be had.
FreeGuard(keys) == \A c \in Holders(keys) : ReclaimGuard(c)

\* A ticket counts while its owner lives and it has not lapsed; others are passed over.
TicketGuard(ticket) == ~ticket.lapsed /\ ~Dead(ticket.who)

\* Nobody who came earlier waits for one of the keys.
FirstComeGuard(keys, place) ==
    \A i \in Places : i < place /\ Overlap(queue[i].keys, keys) => ~TicketGuard(queue[i])

\* Renewing cures a lease that is past, but not a hold that is too long.
LongestHoldGuard(c) == c.lease # "too long"

\* Whom a request at this place of the queue waits for. A claim whose lease is past counts as well: it may
\* be renewed, and then the cycle would be there without anybody having looked for it.
WaitsFor(keys, place) ==
    {c.holder : c \in {d \in Holders(keys) : ~Dead(d.holder)}}
    \cup {queue[i].who : i \in {j \in Places : j < place /\ Overlap(queue[j].keys, keys) /\ TicketGuard(queue[j])}}

WaitedForBy(a) == UNION {WaitsFor(queue[i].keys, i) : i \in {j \in PlacesOf(a) : TicketGuard(queue[j])}}

\* Those waited for, those they wait for, and so on.
Behind(agents) ==
    LET reach[n \in 0 .. Cardinality(Agents)] ==
            IF n = 0 THEN agents ELSE reach[n - 1] \cup UNION {WaitedForBy(a) : a \in reach[n - 1]}
    IN  reach[Cardinality(Agents)]

\* Whoever would wait for itself in the end is told so instead of being queued.
DeadlockGuard(a, keys) == a \notin Behind(WaitsFor(keys, End))

(***************************************************************************)
(* Asking, waiting, giving up                                              *)
(***************************************************************************)
Grantable(keys, place) == FreeGuard(keys) /\ FirstComeGuard(keys, place)

\* What stood in the way can be reclaimed, and ends as a whole.
Granted(a, keys) ==
    (claims \ {c \in Holders(keys) : ReclaimGuard(c)})
    \cup {[holder |-> a, keys |-> keys, lease |-> "running"]}

Without(place) == SubSeq(queue, 1, place - 1) \o SubSeq(queue, place + 1, Len(queue))

Claim(a, keys) ==
    /\ Running(a) /\ ~Queued(a)
    /\ Grantable(keys, End)
    /\ claims' = Granted(a, keys)
    /\ UNCHANGED <<process, queue>>

Wait(a, keys) ==
    /\ Running(a) /\ ~Queued(a)
    /\ ~Grantable(keys, End)
    /\ DeadlockGuard(a, keys)
    /\ queue' = Append(queue, [who |-> a, keys |-> keys, lapsed |-> FALSE])
    /\ UNCHANGED <<process, claims>>

Poll(a) ==
    /\ Running(a)
    /\ \E i \in PlacesOf(a) :
        /\ ~queue[i].lapsed
        /\ Grantable(queue[i].keys, i)
        /\ claims' = Granted(a, queue[i].keys)
        /\ queue' = Without(i)
    /\ UNCHANGED process

Withdraw(a) ==
    /\ Running(a)
    /\ \E i \in PlacesOf(a) : queue' = Without(i)
    /\ UNCHANGED <<process, claims>>

(***************************************************************************)
(* Holding                                                                 *)
(***************************************************************************)
WithLease(c, lease) == (claims \ {c}) \cup {[c EXCEPT !.lease = lease]}

Renew(c) ==
    /\ Running(c.holder)
    /\ LongestHoldGuard(c)
    /\ claims' = WithLease(c, "running")
    /\ UNCHANGED <<process, queue>>

Release(c) ==
    /\ Running(c.holder)
    /\ claims' = claims \ {c}
    /\ UNCHANGED <<process, queue>>

Revoke(c) ==
    /\ claims' = claims \ {c}
    /\ UNCHANGED <<process, queue>>

(***************************************************************************)
(* What happens without anybody's doing                                    *)
(***************************************************************************)
RunOut(c) ==
    /\ c.lease = "running"
    /\ claims' = WithLease(c, "past")
    /\ UNCHANGED <<process, queue>>

HoldTooLong(k) ==
    /\ \E c \in Holders({k}) : c.lease # "too long" /\ claims' = WithLease(c, "too long")
    /\ UNCHANGED <<process, queue>>

\* Only a process that does not run lets its ticket lapse. This is where the module trusts clocks, and it
\* does so for liveness alone: a ticket that lapsed wrongly costs its owner the place.
Lapse(a) ==
    /\ process[a] = "stalled"
    /\ \E i \in PlacesOf(a) : ~queue[i].lapsed /\ queue' = [queue EXCEPT ![i].lapsed = TRUE]
    /\ UNCHANGED <<process, claims>>

Become(a, state) ==
    /\ process' = [process EXCEPT ![a] = state]
    /\ UNCHANGED <<claims, queue>>

\* Only a stall long enough for a ticket to lapse is told from a process that is slow. All others are slow
\* processes, holders that stall included: nothing makes them go on.
HasTicket(a) == \E i \in PlacesOf(a) : ~queue[i].lapsed
Stall(a) == Running(a) /\ HasTicket(a) /\ Become(a, "stalled")
Wake(a) == process[a] = "stalled" /\ ~HasTicket(a) /\ Become(a, "running")
Die(a) == ~Dead(a) /\ Become(a, "dead")

(***************************************************************************)
(* The whole                                                               *)
(***************************************************************************)
Init ==
    /\ process = [a \in Agents |-> "running"]
    /\ claims = {}
    /\ queue = <<>>

Next ==
    \/ \E a \in Agents, keys \in Requests : Claim(a, keys)
    \/ \E a \in Agents, keys \in Requests : Wait(a, keys)
    \/ \E a \in Agents : Poll(a)
    \/ \E a \in Agents : Withdraw(a)
    \/ \E c \in claims : Renew(c)
    \/ \E c \in claims : Release(c)
    \/ \E c \in claims : Revoke(c)
    \/ \E c \in claims : RunOut(c)
    \/ \E k \in Keys : HoldTooLong(k)
    \/ \E a \in Agents : Lapse(a)
    \/ \E a \in Agents : Stall(a)
    \/ \E a \in Agents : Wake(a)
    \/ \E a \in Agents : Die(a)

\* Whoever waits asks again and again; no hold is longer than the longest; the ticket of a process that
\* stalls for good lapses. Nothing is assumed of holders: they may never release.
PollFairness == \A a \in Agents : WF_vars(Poll(a))
LongestHoldFairness == \A k \in Keys : WF_vars(HoldTooLong(k))
LapseFairness == \A a \in Agents : WF_vars(Lapse(a))

Safety == Init /\ [][Next]_vars
Spec == Safety /\ PollFairness /\ LongestHoldFairness /\ LapseFairness

Symmetry == Permutations(Agents) \cup Permutations(Keys)

(***************************************************************************)
(* Laws                                                                    *)
(***************************************************************************)
Waiting(a) == Running(a) /\ HasTicket(a)

TypeOK ==
    /\ process \in [Agents -> {"running", "stalled", "dead"}]
    /\ claims \subseteq [holder : Agents, keys : Requests, lease : {"running", "past", "too long"}]
    /\ \A i \in Places : queue[i] \in [who : Agents, keys : Requests, lapsed : BOOLEAN]
    /\ \A a \in Agents : Cardinality(PlacesOf(a)) <= 1

NoTwoHolders == \A c, d \in claims : Overlap(c.keys, d.keys) => c = d

\* Who stands in the way now: holders whom nobody may reclaim from, and living waiters who came earlier.
InTheWayOf(a) ==
    UNION {{c.holder : c \in {d \in Holders(queue[i].keys) : d.lease = "running" /\ ~Dead(d.holder)}}
           \cup {queue[j].who : j \in {e \in Places : /\ e < i
                                                     /\ Overlap(queue[e].keys, queue[i].keys)
                                                     /\ ~queue[e].lapsed /\ ~Dead(queue[e].who)}} :
           i \in PlacesOf(a)}

\* In every set of waiters there is one who waits for none of them.
NoCycleOfWaiters ==
    \A waiters \in SUBSET {a \in Agents : Waiting(a)} :
        waiters # {} => \E a \in waiters : InTheWayOf(a) \cap waiters = {}

\* Whoever is granted a claim passes over no living waiter who came earlier for one of its keys.
NobodyEarlier(keys, place) ==
    ~\E i \in Places :
        i < place /\ Overlap(queue[i].keys, keys) /\ ~queue[i].lapsed /\ ~Dead(queue[i].who)

FirstComeFirstServed ==
    [][/\ \A a \in Agents, keys \in Requests : Claim(a, keys) => NobodyEarlier(keys, End)
       /\ \A a \in Agents : Poll(a) => \A i \in PlacesOf(a) : NobodyEarlier(queue[i].keys, i)]_vars

\* A claim that is neither past its lease nor held too long nor a dead process's is ended by its holder
\* or by an operator; never by a grant to another.
NoPreemption ==
    [][\A c \in claims :
           c.lease = "running" /\ ~Dead(c.holder) /\ (\A d \in claims' : d.holder # c.holder \/ d.keys # c.keys)
               => claims' \subseteq claims]_vars

\* Whoever waits and goes on running is served, whatever holders and earlier waiters do or fail to do.
WaitersAreServed == \A a \in Agents : Waiting(a) ~> ~Waiting(a)

\* What a dead process holds is free at last, when somebody wants it and does not give up.
HeldByTheDead(k) == \E c \in Holders({k}) : Dead(c.holder)
WaitsForKey(a, k) == Waiting(a) /\ \E i \in PlacesOf(a) : k \in queue[i].keys
DeadHoldersGiveWay ==
    \A a \in Agents, k \in Keys :
        HeldByTheDead(k) /\ WaitsForKey(a, k) ~> ~HeldByTheDead(k) \/ ~WaitsForKey(a, k)

=============================================================================
