------------------------------ MODULE Cursors -------------------------------
(***************************************************************************)
(* Durable cursors on the change feed. A cursor is a position in the order *)
(* of commits, up to which every change is handled. Several consumers      *)
(* compete for the claim on a cursor. The holder reads a batch, handles    *)
(* it, and moves the cursor forward.                                       *)
(*                                                                         *)
(* A subscription handles changes outside the store, at least once. A      *)
(* projection writes to the store. Its writes and the move of the cursor   *)
(* are one commit, so each change takes effect exactly once.               *)
(*                                                                         *)
(* The claims on the cursor are numbered, and the latest is the current    *)
(* one. A consumer that dies or stalls loses its claim to the next         *)
(* consumer. It is then a zombie: it may still read, and handle the        *)
(* changes of its batch, but its acknowledgement is refused.               *)
(*                                                                         *)
(* Cursors do not hold back pruning. Retention prunes the oldest versions  *)
(* of a key, never the newest, and records how far it went. A consumer     *)
(* checks that record after it has read its batch. It is overtaken if a    *)
(* change after its cursor was pruned.                                     *)
(*                                                                         *)
(* The actions in the code (package dev.fencepost.internal):               *)
(*   Commit       any commit, by commit.GroupCommitter                     *)
(*   Evict        history.Pruner                                           *)
(*   Take         event.CursorLease.begin, which waits for the claim       *)
(*   Begin        event.CursorLease.begin, which then reads the cursor     *)
(*   Read, Check  event.CursorLease.read, through DefaultChangeFeed.read   *)
(*   Handle       event.Handover, which calls the handler                  *)
(*   Acknowledge  event.CursorLease.moveOn, or transact for a projection   *)
(*   Unanswered   the same, if the answer is lost                          *)
(*   Release      event.CursorSubscription, if other consumers wait        *)
(*   Move         event.DefaultChangeFeed.move, for an operator            *)
(* Commit, Evict, Take, Release, Acknowledge, Unanswered and Move are      *)
(* commits. Begin, Read and Check each read one snapshot of the file.      *)
(* Actions of the environment: RunOut (a lease expires), Crash (a process  *)
(* dies). A handler that fails is like one that dies: its batch is read    *)
(* again.                                                                  *)
(*                                                                         *)
(* The properties checked:                                                 *)
(*   delivery  AtLeastOnce, ExactlyOnce, InOrder, NoChangeSkipped,         *)
(*             OvertakenOnlyWhenPruned                                     *)
(*   claims    ZombiesAreFenced, NoPreemption                              *)
(*   liveness  EventualDelivery                                            *)
(*                                                                         *)
(* Left out: the queue for the claim (ClaimQueue); handlers that always    *)
(* fail; progress within a batch, dead letters and compacted cursors;      *)
(* effects that a zombie has outside the store after an operator moved the *)
(* cursor.                                                                 *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets, TLC

CONSTANTS
    Mode,         \* "subscribe" or "project"
    Consumers,
    Keys,
    Matching,     \* the keys in the source of the cursor
    Evicted,      \* bound: the keys whose old versions may be pruned
    MaxCommits,
    MaxClaims,    \* bound: the claim with this number is never lost
    MaxMoves,     \* bound: moves of the cursor by an operator
    Operator

VARIABLES
    log,          \* the commits: the set of keys that each changed
    gone,         \* per key, the position of its newest pruned version
    at,           \* the cursor: the position up to which every change is handled
    start,        \* the position to which the operator last moved it
    moved,        \* the number of the claim of that move
    claims,       \* the claims ever granted, each with the state of its consumer
    effect,       \* per change, how often it took effect since that move; counted up to two
    by            \* the claim under which the cursor last moved; no action reads it, and the VIEW omits it

vars == <<log, gone, at, start, moved, claims, effect, by>>
view == <<log, gone, at, start, moved, claims, effect>>

(***************************************************************************)
(* Derived state                                                           *)
(***************************************************************************)
Sequence == Len(log)
Changes == {x \in Keys \X (1 .. MaxCommits) : x[2] <= Sequence /\ x[1] \in log[x[2]]}
Wanted(from, to) == {x \in Changes : x[1] \in Matching /\ from < x[2] /\ x[2] <= to}
Kept(changes) == {x \in changes : x[2] > gone[x[1]]}

Claims == DOMAIN claims
Latest == Len(claims)
Open(c) == claims[c].life \in {"running", "past"}
Lives(c) == claims[c].life # "dead"
At(c, step) == Lives(c) /\ claims[c].step = step

(***************************************************************************)
(* Rules                                                                   *)
(***************************************************************************)

\* A consumer moves the cursor only under the latest claim, while that is open.
FenceGuard(c) == c = Latest /\ Open(c)

\* The cursor is still at the start of the batch.
PlaceGuard(c) == at = claims[c].after

\* The claim is granted if it is free, its holder died, or its lease has expired.
FreeGuard == Latest > 0 => claims[Latest].life # "running"

\* No change of the source after the start of the batch was pruned.
OvertakenGuard(c) == \A k \in Matching : gone[k] <= claims[c].after

\* A batch ends at the end of a commit.
WholeGuard(changes, taken) == taken = changes

\* Changes are handled in the order of their commits.
OrderGuard(c, x) == \A y \in claims[c].todo : x[2] <= y[2]

\* Only a batch that was handled is acknowledged.
HandledGuard(c) == claims[c].todo = {}

\* The writes of a projection and the move of its cursor are one commit.
OneCommitGuard(wrote, went) == wrote = went

(***************************************************************************)
(* Effects                                                                 *)
(***************************************************************************)

\* Pruning is checked after the batch is read.
Steps == <<"read", "check">>
StepNow(c, what) ==
    \/ At(c, "first") /\ Steps[1] = what
    \/ At(c, "second") /\ Steps[2] = what
StepAfter(c) == IF claims[c].step = "first" THEN "second" ELSE "handed"

\* The operator ends the claim of the holder, so a batch that was handled before the move cannot be acknowledged after.
ClaimsAfterMove == Append(claims, [who |-> Operator, life |-> "over", step |-> "none", after |-> 0, through |-> 0,
                                   todo |-> {}, did |-> {}])

Once(changes) == [x \in DOMAIN effect |-> IF x \in changes /\ effect[x] < 2 THEN effect[x] + 1 ELSE effect[x]]

Fresh(who) ==
    [who |-> who, life |-> "running", step |-> "idle", after |-> 0, through |-> 0, todo |-> {}, did |-> {}]
Idle(c) == [Fresh(claims[c].who) EXCEPT !.life = claims[c].life]
Fenced(c) == [Idle(c) EXCEPT !.life = "over", !.step = "none"]

(***************************************************************************)
(* Actions                                                                 *)
(***************************************************************************)
Commit(keys) ==
    /\ Sequence < MaxCommits
    /\ log' = Append(log, keys)
    /\ UNCHANGED <<gone, at, start, moved, claims, effect, by>>

Evict(k) ==
    /\ k \in Evicted
    /\ \E old, newer \in Kept(Changes) :
        /\ old[1] = k /\ newer[1] = k /\ old[2] < newer[2]
        /\ \A y \in Kept(Changes) : y[1] = k => old[2] <= y[2]
        /\ gone' = [gone EXCEPT ![k] = old[2]]
    /\ UNCHANGED <<log, at, start, moved, claims, effect, by>>

Take(w) ==
    /\ FreeGuard
    /\ Latest < MaxClaims
    /\ claims' = Append(claims, Fresh(w))
    /\ UNCHANGED <<log, gone, at, start, moved, effect, by>>

\* After a batch, if other consumers wait.
Release(c) ==
    /\ At(c, "idle") /\ FenceGuard(c)
    /\ Latest < MaxClaims
    /\ claims' = [claims EXCEPT ![c] = Fenced(c)]
    /\ UNCHANGED <<log, gone, at, start, moved, effect, by>>

\* The cursor is read after the claim was granted.
Begin(c) ==
    /\ At(c, "idle")
    /\ claims' = [claims EXCEPT ![c].step = "first", ![c].after = at]
    /\ UNCHANGED <<log, gone, at, start, moved, effect, by>>

Read(c) ==
    /\ StepNow(c, "read")
    /\ \E through \in claims[c].after + 1 .. Sequence :
        LET there == Kept(Wanted(claims[c].after, through))
        IN  \E taken \in SUBSET there :
            /\ WholeGuard(there, taken)
            /\ claims' = [claims EXCEPT ![c].step = StepAfter(c), ![c].through = through, ![c].todo = taken]
    /\ UNCHANGED <<log, gone, at, start, moved, effect, by>>

Check(c) ==
    /\ StepNow(c, "check")
    /\ claims' = [claims EXCEPT ![c] =
           IF OvertakenGuard(c) THEN [@ EXCEPT !.step = StepAfter(c)]
           ELSE [@ EXCEPT !.step = "told", !.through = 0, !.todo = {}]]
    /\ UNCHANGED <<log, gone, at, start, moved, effect, by>>

\* A projection buffers its writes until it commits. Changes that a consumer handles under a claim of before the
\* operator's move are not counted.
Handle(c, x) ==
    /\ At(c, "handed")
    /\ x \in claims[c].todo
    /\ OrderGuard(c, x)
    /\ claims' = [claims EXCEPT ![c].todo = @ \ {x}, ![c].did = IF Mode = "project" THEN @ \cup {x} ELSE @]
    /\ effect' = IF Mode = "subscribe" /\ c > moved THEN Once({x}) ELSE effect
    /\ UNCHANGED <<log, gone, at, start, moved, by>>

Settled(c) == At(c, "handed") /\ HandledGuard(c)

MoveOn(c) ==
    \E wrote, went \in BOOLEAN :
        /\ wrote \/ went
        /\ OneCommitGuard(wrote, went)
        /\ effect' = IF wrote THEN Once(claims[c].did) ELSE effect
        /\ at' = IF went THEN claims[c].through ELSE at
        /\ by' = c

\* A fenced consumer learns it now. A consumer that finds the cursor at another position starts over.
Acknowledge(c) ==
    /\ Settled(c)
    /\ IF FenceGuard(c) /\ PlaceGuard(c) THEN MoveOn(c) ELSE UNCHANGED <<at, effect, by>>
    /\ claims' = [claims EXCEPT ![c] = IF FenceGuard(c) THEN Idle(c) ELSE Fenced(c)]
    /\ UNCHANGED <<log, gone, start, moved>>

\* The commit is applied and its answer is lost, so the consumer retries it.
Unanswered(c) ==
    /\ Settled(c) /\ FenceGuard(c) /\ PlaceGuard(c)
    /\ MoveOn(c)
    /\ UNCHANGED <<log, gone, start, moved, claims>>

Move(place) ==
    /\ Cardinality({c \in Claims : claims[c].who = Operator}) < MaxMoves
    /\ Latest + 1 < MaxClaims
    /\ at' = place /\ start' = place
    /\ claims' = ClaimsAfterMove
    /\ moved' = Len(claims')
    /\ effect' = [x \in DOMAIN effect |-> 0]
    /\ by' = 0
    /\ UNCHANGED <<log, gone>>

RunOut ==
    /\ 0 < Latest /\ Latest < MaxClaims
    /\ claims[Latest].life = "running"
    /\ claims' = [claims EXCEPT ![Latest].life = "past"]
    /\ UNCHANGED <<log, gone, at, start, moved, effect, by>>

\* A process loses the state of all its claims, past claims included.
Crash(w) ==
    /\ Latest < MaxClaims
    /\ \E c \in Claims : claims[c].who = w /\ Open(c)
    /\ claims' = [c \in Claims |->
           IF claims[c].who = w THEN [Fresh(w) EXCEPT !.life = "dead", !.step = "none"] ELSE claims[c]]
    /\ UNCHANGED <<log, gone, at, start, moved, effect, by>>

(***************************************************************************)
(* Specification                                                           *)
(***************************************************************************)
Init ==
    /\ log = <<>>
    /\ gone = [k \in Keys |-> 0]
    /\ at = 0 /\ start = 0 /\ moved = 0
    /\ claims = <<>>
    /\ effect = [x \in Matching \X (1 .. MaxCommits) |-> 0]
    /\ by = 0

Next ==
    \/ \E keys \in SUBSET Keys \ {{}} : Commit(keys)
    \/ \E k \in Keys : Evict(k)
    \/ \E w \in Consumers : Take(w)
    \/ \E c \in Claims : Release(c)
    \/ \E c \in Claims : Begin(c)
    \/ \E c \in Claims : Read(c)
    \/ \E c \in Claims : Check(c)
    \/ \E c \in Claims, x \in Changes : Handle(c, x)
    \/ \E c \in Claims : Acknowledge(c)
    \/ \E c \in Claims : Unanswered(c)
    \/ \E place \in 0 .. Sequence : Move(place)
    \/ RunOut
    \/ \E w \in Consumers : Crash(w)

\* A live consumer takes a free claim, and a holder that neither dies nor stalls makes progress.
Works(c) == c \in Claims /\ claims[c].life = "running"
Looks(c) == Begin(c) \/ Read(c) \/ Check(c)
TakeFairness == WF_vars(\E w \in Consumers : Take(w))
ReadFairness == \A c \in 1 .. MaxClaims : WF_vars(Works(c) /\ Looks(c))
HandleFairness == \A c \in 1 .. MaxClaims : WF_vars(Works(c) /\ \E x \in Changes : Handle(c, x))
AcknowledgeFairness == \A c \in 1 .. MaxClaims : WF_vars(Works(c) /\ Acknowledge(c))

Safety == Init /\ [][Next]_vars
Spec == Safety /\ TakeFairness /\ ReadFairness /\ HandleFairness /\ AcknowledgeFairness

Symmetry == Permutations(Consumers)

(***************************************************************************)
(* Properties                                                              *)
(***************************************************************************)
TypeOK ==
    /\ at \in 0 .. Sequence /\ start \in 0 .. Sequence
    /\ \A c \in Claims : claims[c].life \in {"running", "past", "dead", "over"}
    /\ \A c \in Claims : claims[c].step \in {"none", "idle", "first", "second", "told", "handed"}
    /\ \A x \in DOMAIN effect : effect[x] \in 0 .. 2

\* Every change up to the cursor was handled, counted from the operator's last move.
AtLeastOnce == \A x \in Wanted(start, at) : effect[x] > 0

\* At every moment, a projection has applied each change up to its cursor once, and no other change.
ExactlyOnce == \A x \in DOMAIN effect : effect[x] = IF x \in Wanted(start, at) THEN 1 ELSE 0

\* A change is first handled after all changes before it. Later it may be handled again.
InOrder ==
    [][\A x \in DOMAIN effect : effect[x] = 0 /\ effect'[x] > 0 =>
           \A y \in Wanted(start, x[2] - 1) : effect'[y] > 0]_vars

\* A batch has every change between its ends, even if versions were pruned meanwhile.
NoChangeSkipped ==
    [][\A c \in Claims : claims'[c].step = "handed" /\ claims[c].step # "handed" =>
           claims'[c].todo = Wanted(claims'[c].after, claims'[c].through)]_vars

\* A consumer is reported as overtaken only if a change of its source was pruned.
OvertakenOnlyWhenPruned ==
    \A c \in Claims : claims[c].step = "told" => \E x \in Wanted(claims[c].after, Sequence) : x \notin Kept({x})

\* Only the operator and the current holder move the cursor. Only the current holder applies a projection's writes.
ZombiesAreFenced ==
    [][at' # at \/ (Mode = "project" /\ effect' # effect) => by' = 0 \/ (by' = Latest /\ Open(by'))]_vars

\* No consumer takes the cursor from a live holder that renews its lease. The operator may.
NoPreemption ==
    [][Latest > 0 /\ Len(claims') > Latest =>
           claims[Latest].life # "running" \/ claims'[Len(claims')].who = Operator]_vars

\* The cursor eventually passes each change, even if holders die or stall, unless pruning overtakes it. Then the holder
\* is notified.
EventualDelivery ==
    \A i \in 1 .. MaxCommits : Sequence >= i ~> at >= i \/ (Latest > 0 /\ claims[Latest].step = "told")

=============================================================================
