------------------------------- MODULE Cursors -------------------------------
(***************************************************************************)
(* The feed of changes, read from a durable cursor: a place in the order   *)
(* of the store, up to which everything is done. Several consumers of one  *)
(* name compete for the claim on their cursor, and whoever has it reads a  *)
(* batch, handles it, and moves the cursor on.                             *)
(*                                                                         *)
(* A subscription handles changes outside of the store, at least once. A   *)
(* projection writes to the store, and its writes and the move of the      *)
(* cursor are one commit: exactly once.                                    *)
(*                                                                         *)
(* The claims on the cursor are numbered; the latest is the present one. A *)
(* consumer that dies or stalls loses its claim to the next. It is a       *)
(* zombie from then on: it may still read, and handle what it has in hand, *)
(* but what it acknowledges is refused.                                    *)
(*                                                                         *)
(* Cursors keep nothing from being evicted. Retention takes the oldest     *)
(* versions of a key, never its newest, and notes how far it went. A       *)
(* consumer therefore looks at that note after it has read its batch, and  *)
(* is told when something behind its cursor is gone.                       *)
(*                                                                         *)
(* Which actions are commits: Commit, Evict, Take, Release, Acknowledge    *)
(* and Unanswered (the same, of which the answer is lost), Move (an        *)
(* operator puts the cursor elsewhere). Begin, Read and Check read the     *)
(* file, each in a cut of its own. Handle is the handler, for one change.  *)
(* Hidden: RunOut and Crash. A handler that fails is like one that dies:   *)
(* its batch is read again.                                                *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets, TLC

CONSTANTS
    Mode,         \* "subscribe" or "project"
    Consumers,
    Keys,
    Matching,     \* the keys that the cursor's source asks for
    Evicted,      \* bound: the keys whose old versions may be evicted
    MaxCommits,
    MaxClaims,    \* bound: the claim of this number is the last to be lost
    MaxMoves,     \* bound: how often an operator moves the cursor
    Operator

VARIABLES
    log,          \* the commits: which keys each has changed
    gone,         \* per key, the place of its newest evicted version
    at,           \* the cursor: up to which place everything is done
    start,        \* where the operator last put it
    moved,        \* the number of the claim under which he did
    claims,       \* the claims ever granted, with what each consumer has in hand
    effect,       \* per change, how often it took effect since then; counted up to two
    by            \* under which claim the cursor last moved; nothing depends on it, and the VIEW leaves it out

vars == <<log, gone, at, start, moved, claims, effect, by>>
view == <<log, gone, at, start, moved, claims, effect>>

(***************************************************************************)
(* What the state says                                                     *)
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
(* The rules                                                               *)
(***************************************************************************)

\* Whoever moves the cursor on has the latest claim, while it is open.
FenceGuard(c) == c = Latest /\ Open(c)

\* The cursor still stands where the batch began.
PlaceGuard(c) == at = claims[c].after

\* The claim is granted when nobody has it, or when its holder died or its lease is past.
FreeGuard == Latest > 0 => claims[Latest].life # "running"

\* Nothing that was asked for, and lies behind the place, was evicted.
OvertakenGuard(c) == \A k \in Matching : gone[k] <= claims[c].after

\* A batch ends where a commit ends.
WholeGuard(changes, taken) == taken = changes

\* Changes are handled in the order of their commits.
OrderGuard(c, x) == \A y \in claims[c].todo : x[2] <= y[2]

\* What is acknowledged was handled.
HandledGuard(c) == claims[c].todo = {}

\* What a projection writes and the move of its cursor are one commit.
OneCommitGuard(wrote, went) == wrote = went

(***************************************************************************)
(* The effects                                                             *)
(***************************************************************************)

\* What was evicted is looked at after the batch was read.
Steps == <<"read", "check">>
StepNow(c, what) ==
    \/ At(c, "first") /\ Steps[1] = what
    \/ At(c, "second") /\ Steps[2] = what
StepAfter(c) == IF claims[c].step = "first" THEN "second" ELSE "handed"

\* The operator takes the claim from whoever has it. So what was handled before is no reason to move on after.
ClaimsAfterMove == Append(claims, [who |-> Operator, life |-> "over", step |-> "none", after |-> 0, through |-> 0,
                                   todo |-> {}, did |-> {}])

Once(changes) == [x \in DOMAIN effect |-> IF x \in changes /\ effect[x] < 2 THEN effect[x] + 1 ELSE effect[x]]

Fresh(who) ==
    [who |-> who, life |-> "running", step |-> "idle", after |-> 0, through |-> 0, todo |-> {}, did |-> {}]
Idle(c) == [Fresh(claims[c].who) EXCEPT !.life = claims[c].life]
Fenced(c) == [Idle(c) EXCEPT !.life = "over", !.step = "none"]

(***************************************************************************)
(* The actions                                                             *)
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

\* After a batch, when others wait.
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

\* A projection keeps its writes until it commits. What was handled before the operator moved the cursor is not
\* counted after.
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

\* Whoever is fenced learns it now, and whoever finds the cursor elsewhere begins anew.
Acknowledge(c) ==
    /\ Settled(c)
    /\ IF FenceGuard(c) /\ PlaceGuard(c) THEN MoveOn(c) ELSE UNCHANGED <<at, effect, by>>
    /\ claims' = [claims EXCEPT ![c] = IF FenceGuard(c) THEN Idle(c) ELSE Fenced(c)]
    /\ UNCHANGED <<log, gone, start, moved>>

\* The commit is made and its answer is lost, so that it is made once more.
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

\* All that a process has in hand is lost, that of its past claims as well.
Crash(w) ==
    /\ Latest < MaxClaims
    /\ \E c \in Claims : claims[c].who = w /\ Open(c)
    /\ claims' = [c \in Claims |->
           IF claims[c].who = w THEN [Fresh(w) EXCEPT !.life = "dead", !.step = "none"] ELSE claims[c]]
    /\ UNCHANGED <<log, gone, at, start, moved, effect, by>>

(***************************************************************************)
(* The whole                                                               *)
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

\* Somebody lives who wants the claim when it is free, and whoever has it, and neither dies nor stalls, goes on.
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
(* Laws                                                                    *)
(***************************************************************************)
TypeOK ==
    /\ at \in 0 .. Sequence /\ start \in 0 .. Sequence
    /\ \A c \in Claims : claims[c].life \in {"running", "past", "dead", "over"}
    /\ \A c \in Claims : claims[c].step \in {"none", "idle", "first", "second", "told", "handed"}
    /\ \A x \in DOMAIN effect : effect[x] \in 0 .. 2

\* All that lies before the cursor was handled, since the operator last put it somewhere.
AtLeastOnce == \A x \in Wanted(start, at) : effect[x] > 0

\* What a projection makes of the changes is, at every moment, what comes of each of them once up to its cursor.
ExactlyOnce == \A x \in DOMAIN effect : effect[x] = IF x \in Wanted(start, at) THEN 1 ELSE 0

\* A change is handled when all before it were. Afterwards it may be handled again.
InOrder ==
    [][\A x \in DOMAIN effect : effect[x] = 0 /\ effect'[x] > 0 =>
           \A y \in Wanted(start, x[2] - 1) : effect'[y] > 0]_vars

\* A batch has everything between its ends, whatever was evicted meanwhile.
NothingIsSkipped ==
    [][\A c \in Claims : claims'[c].step = "handed" /\ claims[c].step # "handed" =>
           claims'[c].todo = Wanted(claims'[c].after, claims'[c].through)]_vars

\* Whoever is told that he was overtaken has lost something that he asked for.
ToldForAReason ==
    \A c \in Claims : claims[c].step = "told" => \E x \in Wanted(claims[c].after, Sequence) : x \notin Kept({x})

\* Only the operator and the latest holder move the cursor, or write what a projection writes.
ZombiesAreFenced ==
    [][at' # at \/ (Mode = "project" /\ effect' # effect) => by' = 0 \/ (by' = Latest /\ Open(by'))]_vars

\* Consumers do not take the cursor from one who lives and renews its lease. The operator may.
ALiveConsumerIsLeftAlone ==
    [][Latest > 0 /\ Len(claims') > Latest =>
           claims[Latest].life # "running" \/ claims'[Len(claims')].who = Operator]_vars

\* Each change is passed by at last, whoever dies or stalls, unless retention was faster, and then somebody is told.
EverythingIsHandled ==
    \A i \in 1 .. MaxCommits : Sequence >= i ~> at >= i \/ (Latest > 0 /\ claims[Latest].step = "told")

=============================================================================
