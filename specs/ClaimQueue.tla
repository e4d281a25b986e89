----------------------------- MODULE ClaimQueue -----------------------------
(***************************************************************************)
(* The queue of claim requests: first come, first served, for several keys *)
(* at once, past waiters that died or stall, without deadlock.             *)
(*                                                                         *)
(* FencedCommit specifies the protection that a claim gives. This module   *)
(* specifies which request is granted, and that every waiter is eventually *)
(* served. It has no epochs and no versions. Without these counters a      *)
(* finite number of states has infinite behaviours, which liveness         *)
(* properties need.                                                        *)
(*                                                                         *)
(* A claim request that cannot be granted is queued with a ticket. A       *)
(* ticket counts while its owner's process is alive and renews it. The     *)
(* ticket of a stalled process expires. An expired ticket stays expired:   *)
(* its owner can only withdraw it and make a new request.                  *)
(*                                                                         *)
(* A commit that frees a key hands it over: it grants the first waiting    *)
(* request, of any process. The waiter does not know of the grant yet. A   *)
(* signal tells it, but signals can be lost, and the waiter can die, stall *)
(* or give up at that moment. So a waiter also looks for its grant at      *)
(* times, and polls for a claim that was not handed over. A caller that    *)
(* gives up looks too: it takes the claim, or releases it.                 *)
(*                                                                         *)
(* The actions in the code (package dev.fencepost.internal):               *)
(*   Claim     claim.ClaimAttempt, granted at once                         *)
(*   Wait      claim.ClaimAttempt, queued; DeadlockGuard is                *)
(*             claim.DeadlockDetector                                      *)
(*   Poll      claim.ClaimAttempt with a ticket, from claim.ClaimWaiter    *)
(*   HandOver  claim.ClaimHandover, in the commit that frees the keys      *)
(*   Learn     claim.WaitingRequests, by a signal; claim.ClaimAttempt and  *)
(*             claim.Departure, which look for the grant                   *)
(*   Withdraw  claim.Departure, from claim.ClaimWaiter                     *)
(*   Renew     claim.HeldClaims.renew, and claim.Heartbeat                 *)
(*   Release   claim.HeldClaims.release; of a claim that its caller does   *)
(*             not know, claim.Departure                                   *)
(*   Revoke    claim.Claims.revoke                                         *)
(* ReclaimGuard and TicketGuard are process.LivenessChecker. FreeGuard and *)
(* FirstComeGuard are claim.Blockers. CallGuard is claim.ClaimWaiter.await,*)
(* which returns after it has left. Actions of the environment: RunOut     *)
(* (a lease expires), HoldTooLong (the maximum hold is over), Lapse (a     *)
(* ticket expires), Stall, Wake and Die (of a process).                    *)
(*                                                                         *)
(* The properties checked:                                                 *)
(*   safety    NoTwoHolders, FirstComeFirstServed, NoPreemption,           *)
(*             NoCycleOfWaiters, OneGrantPerRequest, HandOversReachWaiters *)
(*   liveness  NoWaiterStarvation, DeadHoldersReclaimed, GrantsLearned     *)
(*                                                                         *)
(* Left out: epochs, versions and commits (FencedCommit); the signals,     *)
(* which only shorten the wait; several requests of one agent at a time;   *)
(* time limits of waits, since a waiter may withdraw at any moment.        *)
(* HandOver is a step of its own here. In the code it is a part of the     *)
(* step that frees the keys, so that no other request comes in between.    *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets, TLC

CONSTANTS
    Agents,   \* the holders; each waits for one request at a time
    Keys

VARIABLES
    process,  \* per agent: "running", "stalled" or "dead"
    claims,   \* the open claims; 'known' tells whether the holder knows of its claim
    queue     \* the tickets, in the order of their requests

vars == <<process, claims, queue>>

(***************************************************************************)
(* Derived state                                                           *)
(***************************************************************************)

Running(a) == process[a] = "running"
Dead(a) == process[a] = "dead"

Requests == SUBSET Keys \ {{}}
Overlap(left, right) == left \cap right # {}
Places == DOMAIN queue
PlacesOf(a) == {i \in Places : queue[i].who = a}
Queued(a) == PlacesOf(a) # {}
Unaware(a) == \E c \in claims : c.holder = a /\ ~c.known
Holders(keys) == {c \in claims : Overlap(c.keys, keys)}
End == Len(queue) + 1

(***************************************************************************)
(* Rules                                                                   *)
(***************************************************************************)

\* A claim may be reclaimed if its lease has expired, its maximum hold is over, or its holder is dead.
ReclaimGuard(c) == c.lease # "running" \/ Dead(c.holder)

\* All keys of a request are unclaimed or can be reclaimed.
FreeGuard(keys) == \A c \in Holders(keys) : ReclaimGuard(c)

\* A ticket counts while its owner is alive and it has not expired; other tickets are skipped.
TicketGuard(ticket) == ~ticket.lapsed /\ ~Dead(ticket.who)

\* Only a ticket that counts is granted by another process.
HandOverGuard(ticket) == TicketGuard(ticket)

\* A call ends, and its agent can make another, when it has left the queue and knows of its grant or has given it back.
CallGuard(a) == ~Queued(a) /\ ~Unaware(a)

\* No valid earlier ticket asks for one of the keys.
FirstComeGuard(keys, place) ==
    \A i \in Places : i < place /\ Overlap(queue[i].keys, keys) => ~TicketGuard(queue[i])

\* A renewal revives an expired lease, but does not extend the maximum hold.
LongestHoldGuard(c) == c.lease # "too long"

\* The agents that a request at this place in the queue waits for (the edges of the waits-for graph). A claim with an
\* expired lease counts too: a renewal would close a cycle that no request had checked.
WaitsFor(keys, place) ==
    {c.holder : c \in {d \in Holders(keys) : ~Dead(d.holder)}}
    \cup {queue[i].who : i \in {j \in Places : j < place /\ Overlap(queue[j].keys, keys) /\ TicketGuard(queue[j])}}

WaitedForBy(a) == UNION {WaitsFor(queue[i].keys, i) : i \in {j \in PlacesOf(a) : TicketGuard(queue[j])}}

\* The agents that are reachable in the waits-for graph.
Behind(agents) ==
    LET reach[n \in 0 .. Cardinality(Agents)] ==
            IF n = 0 THEN agents ELSE reach[n - 1] \cup UNION {WaitedForBy(a) : a \in reach[n - 1]}
    IN  reach[Cardinality(Agents)]

\* A request that would close a cycle is refused as a deadlock instead of queued.
DeadlockGuard(a, keys) == a \notin Behind(WaitsFor(keys, End))

(***************************************************************************)
(* Requests                                                                *)
(***************************************************************************)
Grantable(keys, place) == FreeGuard(keys) /\ FirstComeGuard(keys, place)

\* The blocking claims are reclaimed, each with all its keys.
Granted(a, keys, known) ==
    (claims \ {c \in Holders(keys) : ReclaimGuard(c)})
    \cup {[holder |-> a, keys |-> keys, lease |-> "running", known |-> known]}

Without(place) == SubSeq(queue, 1, place - 1) \o SubSeq(queue, place + 1, Len(queue))

Claim(a, keys) ==
    /\ Running(a) /\ CallGuard(a)
    /\ Grantable(keys, End)
    /\ claims' = Granted(a, keys, TRUE)
    /\ UNCHANGED <<process, queue>>

Wait(a, keys) ==
    /\ Running(a) /\ CallGuard(a)
    /\ ~Grantable(keys, End)
    /\ DeadlockGuard(a, keys)
    /\ queue' = Append(queue, [who |-> a, keys |-> keys, lapsed |-> FALSE])
    /\ UNCHANGED <<process, claims>>

Poll(a) ==
    /\ Running(a)
    /\ \E i \in PlacesOf(a) :
        /\ ~queue[i].lapsed
        /\ Grantable(queue[i].keys, i)
        /\ claims' = Granted(a, queue[i].keys, TRUE)
        /\ queue' = Without(i)
    /\ UNCHANGED process

\* The waiter takes no part: its process may be stalled, or dead without anyone having noticed.
HandOver(a) ==
    /\ \E i \in PlacesOf(a) :
        /\ HandOverGuard(queue[i])
        /\ Grantable(queue[i].keys, i)
        /\ claims' = Granted(a, queue[i].keys, FALSE)
        /\ queue' = Without(i)
    /\ UNCHANGED process

\* The waiter learns of its grant: a signal arrives, or it looks.
Learn(a) ==
    /\ Running(a)
    /\ \E c \in claims :
        /\ c.holder = a /\ ~c.known
        /\ claims' = (claims \ {c}) \cup {[c EXCEPT !.known = TRUE]}
    /\ UNCHANGED <<process, queue>>

Withdraw(a) ==
    /\ Running(a)
    /\ \E i \in PlacesOf(a) : queue' = Without(i)
    /\ UNCHANGED <<process, claims>>

(***************************************************************************)
(* Held claims                                                             *)
(***************************************************************************)
WithLease(c, lease) == (claims \ {c}) \cup {[c EXCEPT !.lease = lease]}

Renew(c) ==
    /\ Running(c.holder)
    /\ LongestHoldGuard(c)
    /\ claims' = WithLease(c, "running")
    /\ UNCHANGED <<process, queue>>

\* A claim that its holder does not know is given back by a caller that gives up.
Release(c) ==
    /\ Running(c.holder)
    /\ claims' = claims \ {c}
    /\ UNCHANGED <<process, queue>>

Revoke(c) ==
    /\ claims' = claims \ {c}
    /\ UNCHANGED <<process, queue>>

(***************************************************************************)
(* Environment                                                             *)
(***************************************************************************)
RunOut(c) ==
    /\ c.lease = "running"
    /\ claims' = WithLease(c, "past")
    /\ UNCHANGED <<process, queue>>

HoldTooLong(k) ==
    /\ \E c \in Holders({k}) : c.lease # "too long" /\ claims' = WithLease(c, "too long")
    /\ UNCHANGED <<process, queue>>

\* Only the ticket of a stalled process expires. Here the module trusts clocks, but only for liveness: a ticket that
\* expires wrongly costs its owner the place in the queue.
Lapse(a) ==
    /\ process[a] = "stalled"
    /\ \E i \in PlacesOf(a) : ~queue[i].lapsed /\ queue' = [queue EXCEPT ![i].lapsed = TRUE]
    /\ UNCHANGED <<process, claims>>

Become(a, state) ==
    /\ process' = [process EXCEPT ![a] = state]
    /\ UNCHANGED <<claims, queue>>

\* A stall differs from a slow process only if it is long enough for a ticket to expire. A shorter stall, or the stall
\* of a holder, is a slow process, which need not take another step.
HasTicket(a) == \E i \in PlacesOf(a) : ~queue[i].lapsed
Stall(a) == Running(a) /\ HasTicket(a) /\ Become(a, "stalled")
Wake(a) == process[a] = "stalled" /\ ~HasTicket(a) /\ Become(a, "running")
Die(a) == ~Dead(a) /\ Become(a, "dead")

(***************************************************************************)
(* Specification                                                           *)
(***************************************************************************)
Init ==
    /\ process = [a \in Agents |-> "running"]
    /\ claims = {}
    /\ queue = <<>>

Next ==
    \/ \E a \in Agents, keys \in Requests : Claim(a, keys)
    \/ \E a \in Agents, keys \in Requests : Wait(a, keys)
    \/ \E a \in Agents : Poll(a)
    \/ \E a \in Agents : HandOver(a)
    \/ \E a \in Agents : Learn(a)
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

\* A waiter polls again and again, and looks for its grant. A hold ends after the maximum hold. The ticket of a process
\* that stays stalled expires. Holders need not release, and need not hand over.
PollFairness == \A a \in Agents : WF_vars(Poll(a))
LearnFairness == \A a \in Agents : WF_vars(Learn(a))
LongestHoldFairness == \A k \in Keys : WF_vars(HoldTooLong(k))
LapseFairness == \A a \in Agents : WF_vars(Lapse(a))

Safety == Init /\ [][Next]_vars
Spec == Safety /\ PollFairness /\ LearnFairness /\ LongestHoldFairness /\ LapseFairness

Symmetry == Permutations(Agents) \cup Permutations(Keys)

(***************************************************************************)
(* Properties                                                              *)
(***************************************************************************)
Waiting(a) == Running(a) /\ HasTicket(a)

TypeOK ==
    /\ process \in [Agents -> {"running", "stalled", "dead"}]
    /\ claims \subseteq [holder : Agents, keys : Requests, lease : {"running", "past", "too long"}, known : BOOLEAN]
    /\ \A i \in Places : queue[i] \in [who : Agents, keys : Requests, lapsed : BOOLEAN]
    /\ \A a \in Agents : Cardinality(PlacesOf(a)) <= 1

NoTwoHolders == \A c, d \in claims : Overlap(c.keys, d.keys) => c = d

\* The agents that block a waiter now: holders whose claims cannot be reclaimed, and living earlier waiters.
InTheWayOf(a) ==
    UNION {{c.holder : c \in {d \in Holders(queue[i].keys) : d.lease = "running" /\ ~Dead(d.holder)}}
           \cup {queue[j].who : j \in {e \in Places : /\ e < i
                                                     /\ Overlap(queue[e].keys, queue[i].keys)
                                                     /\ ~queue[e].lapsed /\ ~Dead(queue[e].who)}} :
           i \in PlacesOf(a)}

\* Waiters never form a cycle: every set of waiters has one that waits for none of the set.
NoCycleOfWaiters ==
    \A waiters \in SUBSET {a \in Agents : Waiting(a)} :
        waiters # {} => \E a \in waiters : InTheWayOf(a) \cap waiters = {}

\* A grant overtakes no living waiter that came earlier for one of the keys.
NobodyEarlier(keys, place) ==
    ~\E i \in Places :
        i < place /\ Overlap(queue[i].keys, keys) /\ ~queue[i].lapsed /\ ~Dead(queue[i].who)

FirstComeFirstServed ==
    [][/\ \A a \in Agents, keys \in Requests : Claim(a, keys) => NobodyEarlier(keys, End)
       /\ \A a \in Agents : Poll(a) \/ HandOver(a) => \A i \in PlacesOf(a) : NobodyEarlier(queue[i].keys, i)]_vars

\* A request is granted once. It leaves the queue with its grant, and no other request of its agent comes before that is
\* known.
OneGrantPerRequest ==
    \A a \in Agents : Cardinality(PlacesOf(a)) + Cardinality({c \in claims : c.holder = a /\ ~c.known}) <= 1

\* A claim is handed over only to a waiter that keeps its place.
HandOversReachWaiters == [][\A a \in Agents : HandOver(a) => ~Dead(a) /\ HasTicket(a)]_vars

\* A claim of a live process, within its lease and maximum hold, is not reclaimed. Only its holder or an operator ends
\* it.
NoPreemption ==
    [][\A c \in claims :
           c.lease = "running" /\ ~Dead(c.holder) /\ (\A d \in claims' : d.holder # c.holder \/ d.keys # c.keys)
               => claims' \subseteq claims]_vars

\* A waiter that keeps running is served, or withdraws, however holders and earlier waiters behave.
NoWaiterStarvation == \A a \in Agents : Waiting(a) ~> ~Waiting(a)

\* The claim of a dead process is eventually reclaimed while a waiter wants one of its keys.
HeldByTheDead(k) == \E c \in Holders({k}) : Dead(c.holder)
WaitsForKey(a, k) == Waiting(a) /\ \E i \in PlacesOf(a) : k \in queue[i].keys
DeadHoldersReclaimed ==
    \A a \in Agents, k \in Keys :
        HeldByTheDead(k) /\ WaitsForKey(a, k) ~> ~HeldByTheDead(k) \/ ~WaitsForKey(a, k)

\* A waiter that keeps running learns of its grant, unless that ends before.
GrantsLearned == \A a \in Agents : Running(a) /\ Unaware(a) ~> ~Running(a) \/ ~Unaware(a)

=============================================================================
