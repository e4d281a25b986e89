----------------------------- MODULE Turnstile ------------------------------
(***************************************************************************)
(* Taking turns to write: fairness between processes that want SQLite's    *)
(* write lock, which is had by trying again and again, so that whoever     *)
(* tries may be overtaken without end.                                     *)
(*                                                                         *)
(* The turnstile is two file locks, for which the operating system lets a  *)
(* process wait. Whoever wants to write waits in 'queue' until it is first *)
(* there, then for 'hold', which is the turn, and lets the next be first   *)
(* in the queue. Who has the turn tries for the write lock, writes, and    *)
(* gives up the write lock and then the turn. While a hint in shared       *)
(* memory does not say that somebody had to wait lately, a process may try *)
(* for the write lock at once, without a turn. Whoever finds it taken      *)
(* raises the hint.                                                        *)
(*                                                                         *)
(* Mutual exclusion rests on the write lock alone. The turnstile may be    *)
(* passed by, lost or absent, and nothing is at stake but fairness.        *)
(*                                                                         *)
(* A process that dies gives back all its locks. One that stalls keeps     *)
(* them. Whoever waits in the turnstile behind one that stalls passes it   *)
(* by after a bounded wait, and tries for the write lock without a turn.   *)
(* One that stalls while it has the write lock holds up everybody until it *)
(* wakes or is killed; that cannot be helped, and is left out here.        *)
(*                                                                         *)
(* What is true, and what is not. While nobody stalls, everybody who wants *)
(* to write does at last, whoever dies. When somebody stalls in the        *)
(* turnstile, nobody waits there for ever: each comes to where it tries    *)
(* for the write lock. From there it writes at last if chance is fair to   *)
(* those who try (ChanceFairness), and nothing better can be promised:     *)
(* those who passed by the turnstile overtake each other, and those who    *)
(* have turns, as all do who try again and again.                          *)
(*                                                                         *)
(* The actions in the code (package dev.fencepost.internal):               *)
(*   Want      commit.GroupCommitter, beginning a batch                    *)
(*   Barge     sql.WriterQueue, the write lock found free without a turn   *)
(*   Join      sql.WriterQueue, entering                                   *)
(*   TakeQueue, TakeTurn   sql.WriterQueue, the two locks                  *)
(*   Try       sql.BusyRetryHandler, which raises the hint whenever the    *)
(*             write lock is taken                                         *)
(*   PassBy    sql.WriterQueue, giving up waiting                          *)
(*   Finish, Leave   commit.GroupCommitter, and sql.WriterQueue, leaving   *)
(* Hidden: Age (the hint is old), Stall, Wake, Die and Start (a process).  *)
(*                                                                         *)
(* Assumed of the operating system: it does not for ever pass over one who *)
(* waits for a file lock (QueueFairness). Only the queue needs this: for   *)
(* the turn at most one waits. And of the bounded wait: it is over only    *)
(* when somebody stalls, that is, it measures that nothing moves, and not  *)
(* how long the queue is.                                                  *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets, TLC

CONSTANTS
    Processes,
    Stallers,   \* bound: the processes that may stall in the turnstile
    Mortals,    \* bound: the processes that may die
    Nobody

VARIABLES
    place,      \* per process, where it is
    stalled,    \* the processes that do not run for now
    queue,      \* who is first in the queue
    hold,       \* whose turn it is
    write,      \* who has the write lock
    hint        \* whether somebody had to wait lately

vars == <<place, stalled, queue, hold, write, hint>>

(***************************************************************************)
(* What the state says                                                     *)
(***************************************************************************)
Is(p, there) == place[p] = there
Running(p) == ~Is(p, "dead") /\ p \notin stalled
Trying(p) == place[p] \in {"trying", "passing"}

(***************************************************************************)
(* The rules                                                               *)
(***************************************************************************)

\* The write lock is all that says who writes.
WriteGuard(p) == write = Nobody

\* Without a turn only those may try who have not heard that somebody waits.
BargeGuard(p) == ~hint

\* The hint does not grow old while somebody tries: whoever tries in vain raises it again.
AgeGuard == \A p \in Processes : Trying(p) => ~Running(p)

\* Whoever is held up by one that stalls passes by. One that is first in the queue gives that up.
PassByGuard(p) ==
    \/ Is(p, "queueing") /\ (queue \in stalled \/ hold \in stalled)
    \/ Is(p, "first") /\ hold \in stalled

(***************************************************************************)
(* The effects                                                             *)
(***************************************************************************)

\* The operating system gives back the file locks of a process that died.
AfterDeath(holder, p) == IF holder = p THEN Nobody ELSE holder

\* Whoever finds the write lock taken says so.
HintAfterVain == TRUE

Without(holder, p) == IF holder = p THEN Nobody ELSE holder
Goes(p, there) == place' = [place EXCEPT ![p] = there]

(***************************************************************************)
(* The actions                                                             *)
(***************************************************************************)
Want(p) ==
    /\ Running(p) /\ Is(p, "idle")
    /\ Goes(p, "wanting")
    /\ UNCHANGED <<stalled, queue, hold, write, hint>>

Barge(p) ==
    /\ Running(p) /\ Is(p, "wanting")
    /\ BargeGuard(p)
    /\ write = Nobody
    /\ write' = p
    /\ Goes(p, "writing")
    /\ UNCHANGED <<stalled, queue, hold, hint>>

Join(p) ==
    /\ Running(p) /\ Is(p, "wanting")
    /\ hint \/ write # Nobody
    /\ hint' = (hint \/ HintAfterVain)
    /\ Goes(p, "queueing")
    /\ UNCHANGED <<stalled, queue, hold, write>>

TakeQueue(p) ==
    /\ Running(p) /\ Is(p, "queueing")
    /\ queue = Nobody
    /\ queue' = p
    /\ Goes(p, "first")
    /\ UNCHANGED <<stalled, hold, write, hint>>

TakeTurn(p) ==
    /\ Running(p) /\ Is(p, "first")
    /\ hold = Nobody
    /\ hold' = p
    /\ queue' = Without(queue, p)
    /\ Goes(p, "trying")
    /\ UNCHANGED <<stalled, write, hint>>

PassBy(p) ==
    /\ Running(p)
    /\ PassByGuard(p)
    /\ queue' = Without(queue, p)
    /\ Goes(p, "passing")
    /\ UNCHANGED <<stalled, hold, write, hint>>

Try(p) ==
    /\ Running(p) /\ Trying(p)
    /\ IF WriteGuard(p)
       THEN write' = p /\ Goes(p, "writing") /\ UNCHANGED hint
       ELSE hint' = (hint \/ HintAfterVain) /\ UNCHANGED <<write, place>>
    /\ UNCHANGED <<stalled, queue, hold>>

Finish(p) ==
    /\ Running(p) /\ Is(p, "writing")
    /\ write' = Without(write, p)
    /\ Goes(p, IF hold = p THEN "leaving" ELSE "idle")
    /\ UNCHANGED <<stalled, queue, hold, hint>>

Leave(p) ==
    /\ Running(p) /\ Is(p, "leaving")
    /\ hold' = Without(hold, p)
    /\ Goes(p, "idle")
    /\ UNCHANGED <<stalled, queue, write, hint>>

(***************************************************************************)
(* What happens without anybody's doing                                    *)
(***************************************************************************)
Age ==
    /\ hint
    /\ AgeGuard
    /\ hint' = FALSE
    /\ UNCHANGED <<place, stalled, queue, hold, write>>

Stall(p) ==
    /\ p \in Stallers
    /\ Running(p) /\ ~Is(p, "writing")
    /\ stalled' = stalled \cup {p}
    /\ UNCHANGED <<place, queue, hold, write, hint>>

Wake(p) ==
    /\ p \in stalled
    /\ stalled' = stalled \ {p}
    /\ UNCHANGED <<place, queue, hold, write, hint>>

Die(p) ==
    /\ p \in Mortals
    /\ ~Is(p, "dead")
    /\ Goes(p, "dead")
    /\ stalled' = stalled \ {p}
    /\ queue' = AfterDeath(queue, p)
    /\ hold' = AfterDeath(hold, p)
    /\ write' = Without(write, p)
    /\ UNCHANGED hint

Start(p) ==
    /\ Is(p, "dead")
    /\ Goes(p, "idle")
    /\ UNCHANGED <<stalled, queue, hold, write, hint>>

(***************************************************************************)
(* The whole                                                               *)
(***************************************************************************)
Init ==
    /\ place = [p \in Processes |-> "idle"]
    /\ stalled = {}
    /\ queue = Nobody /\ hold = Nobody /\ write = Nobody
    /\ hint = FALSE

Next ==
    \/ \E p \in Processes : Want(p)
    \/ \E p \in Processes : Barge(p)
    \/ \E p \in Processes : Join(p)
    \/ \E p \in Processes : TakeQueue(p)
    \/ \E p \in Processes : TakeTurn(p)
    \/ \E p \in Processes : PassBy(p)
    \/ \E p \in Processes : Try(p)
    \/ \E p \in Processes : Finish(p)
    \/ \E p \in Processes : Leave(p)
    \/ Age
    \/ \E p \in Processes : Stall(p)
    \/ \E p \in Processes : Wake(p)
    \/ \E p \in Processes : Die(p)
    \/ \E p \in Processes : Start(p)

\* A process that runs goes on: it looks, takes a turn that is free, tries, and ends its commit. It gives up
\* waiting behind one that stalls, also one that stalls again and again. Nobody who waits for the queue is
\* passed over for ever.
EnterFairness == \A p \in Processes : WF_vars(Barge(p) \/ Join(p))
QueueFairness == \A p \in Processes : SF_vars(TakeQueue(p))
TurnFairness == \A p \in Processes : WF_vars(TakeTurn(p))
TryFairness == \A p \in Processes : WF_vars(Try(p))
CommitFairness == \A p \in Processes : WF_vars(Finish(p) \/ Leave(p))
PassByFairness == \A p \in Processes : SF_vars(PassBy(p))

\* Chance is fair: whoever tries again and again does not find the write lock taken each time.
ChanceFairness == \A p \in Processes : SF_vars(write = Nobody /\ Try(p))

Safety == Init /\ [][Next]_vars
Spec ==
    Safety /\ EnterFairness /\ QueueFairness /\ TurnFairness /\ TryFairness /\ CommitFairness /\ PassByFairness
SpecWithChance == Spec /\ ChanceFairness

Symmetry == Permutations(Processes)

(***************************************************************************)
(* Laws                                                                    *)
(***************************************************************************)
TypeOK ==
    /\ place \in [Processes ->
           {"idle", "wanting", "queueing", "first", "trying", "passing", "writing", "leaving", "dead"}]
    /\ {queue, hold, write} \subseteq Processes \cup {Nobody}
    /\ stalled \subseteq Processes

OneWriter == Cardinality({p \in Processes : Is(p, "writing")}) <= 1

Wants(p) == place[p] \in {"wanting", "queueing", "first", "trying", "passing"}

\* Everybody who wants to write does at last, while nobody stalls.
EverybodyWritesAtLast == \A p \in Processes : Wants(p) ~> ~Wants(p)

\* Nobody waits for ever in the turnstile: it comes to where it tries for the write lock, or stalls itself.
InTheTurnstile(p) == place[p] \in {"wanting", "queueing", "first"}
NobodyIsHeldUp == \A p \in Processes : InTheTurnstile(p) ~> ~InTheTurnstile(p) \/ ~Running(p)

\* With a fair chance whoever wants to write does at last, or stalls itself.
TriersWriteAtLast == \A p \in Processes : Wants(p) ~> ~Wants(p) \/ ~Running(p)

=============================================================================
