---------------------------- MODULE WriterQueue -----------------------------
(***************************************************************************)
(* The writer queue: fairness between processes that want SQLite's write   *)
(* lock. SQLite takes that lock by repeated attempts, so without the queue *)
(* a process may be overtaken without bound.                               *)
(*                                                                         *)
(* The writer queue is two file locks, for which the operating system lets *)
(* a process wait. A writer waits for 'queue' until it is first. It then   *)
(* waits for 'hold', and releases 'queue' for the next. The holder of      *)
(* 'hold' has the turn: it attempts the write lock, writes, and releases   *)
(* the write lock and then the turn. A shared hint tells that a process    *)
(* had to wait recently. Without the hint, a process may attempt the write *)
(* lock at once, without a turn (barging). A process that finds the write  *)
(* lock taken raises the hint.                                             *)
(*                                                                         *)
(* Only the write lock ensures mutual exclusion. The queue may be          *)
(* bypassed, lost or absent; that costs only fairness.                     *)
(*                                                                         *)
(* A process that dies releases all its locks. A process that stalls keeps *)
(* them. A waiter behind a stalled process bypasses the queue after a      *)
(* bounded wait, and attempts the write lock without a turn. A process     *)
(* that stalls with the write lock blocks all writers until it wakes or is *)
(* killed. That is unavoidable, and left out here.                         *)
(*                                                                         *)
(* While no process stalls, every process that wants to write eventually   *)
(* does, even if others die. If a process stalls in the queue, no other    *)
(* waits there forever: each eventually attempts the write lock. From      *)
(* there it eventually writes if attempts are fair by chance               *)
(* (ChanceFairness). More is not possible: processes that bypass the queue *)
(* overtake each other and the holder of the turn.                         *)
(*                                                                         *)
(* The actions in the code (package dev.fencepost.internal):               *)
(*   Want       commit.GroupCommitter, which begins a batch                *)
(*   Barge      sqlite.WriteSession, if the write lock is free and no turn *)
(*              needed                                                     *)
(*   Join       sqlite.WriterQueue.await                                   *)
(*   TakeQueue  sqlite.WriterQueue.await, the first lock                   *)
(*   TakeTurn   sqlite.WriterQueue.await, the second lock                  *)
(*   Try        sqlite.BusyRetryHandler, which raises the hint if the      *)
(*              write lock is taken                                        *)
(*   PassBy     sqlite.WriterQueue.giveUpWaiting                           *)
(*   Finish     commit.GroupCommitter                                      *)
(*   Leave      sqlite.WriterQueue.release                                 *)
(* Actions of the environment: Age (the hint expires), Stall, Wake, Die    *)
(* and Start (of a process).                                               *)
(*                                                                         *)
(* The properties checked:                                                 *)
(*   OneWriter           one process writes at a time                      *)
(*   NoWriterStarvation  no starvation, while no process stalls            *)
(*   BoundedStallDelay   no waiter is blocked behind a stalled process     *)
(*   NoBargerStarvation  no starvation, if attempts are fair by chance     *)
(*                                                                         *)
(* Left out, and assumed: the operating system does not pass over a waiter *)
(* for a file lock forever (QueueFairness). Only 'queue' needs this, since *)
(* at most one process waits for 'hold'. The bounded wait ends only if a   *)
(* process stalls: it measures that the queue does not move, not its       *)
(* length. The order of waiters is left out.                               *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets, TLC

CONSTANTS
    Processes,
    Stallers,   \* bound: the processes that may stall in the queue
    Mortals,    \* bound: the processes that may die
    Nobody

VARIABLES
    place,      \* per process, its state
    stalled,    \* the processes that are stalled
    queue,      \* the process that is first in the queue
    hold,       \* the process that has the turn
    write,      \* the holder of the write lock
    hint        \* whether a process had to wait recently

vars == <<place, stalled, queue, hold, write, hint>>

(***************************************************************************)
(* Derived state                                                           *)
(***************************************************************************)
Is(p, there) == place[p] = there
Running(p) == ~Is(p, "dead") /\ p \notin stalled
Trying(p) == place[p] \in {"trying", "passing"}

(***************************************************************************)
(* Rules                                                                   *)
(***************************************************************************)

\* Only the write lock decides which process writes.
WriteGuard(p) == write = Nobody

\* A process may attempt the write lock without a turn only if the hint is not set.
BargeGuard(p) == ~hint

\* The hint does not expire while a process attempts the write lock: each failed attempt raises it again.
AgeGuard == \A p \in Processes : Trying(p) => ~Running(p)

\* A process behind a stalled one bypasses the queue. If it was first in the queue, it releases 'queue'.
PassByGuard(p) ==
    \/ Is(p, "queueing") /\ (queue \in stalled \/ hold \in stalled)
    \/ Is(p, "first") /\ hold \in stalled

(***************************************************************************)
(* Effects                                                                 *)
(***************************************************************************)

\* The operating system releases the file locks of a dead process.
AfterDeath(holder, p) == IF holder = p THEN Nobody ELSE holder

\* A process that finds the write lock taken raises the hint.
HintAfterVain == TRUE

Without(holder, p) == IF holder = p THEN Nobody ELSE holder
Goes(p, there) == place' = [place EXCEPT ![p] = there]

(***************************************************************************)
(* Actions                                                                 *)
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
(* Environment                                                             *)
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
(* Specification                                                           *)
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

\* A process that runs takes its steps: it looks, takes a free turn, attempts the lock, and ends its commit. It
\* bypasses a stalled process, even one that stalls and wakes repeatedly. No waiter for 'queue' is passed over forever.
EnterFairness == \A p \in Processes : WF_vars(Barge(p) \/ Join(p))
QueueFairness == \A p \in Processes : SF_vars(TakeQueue(p))
TurnFairness == \A p \in Processes : WF_vars(TakeTurn(p))
TryFairness == \A p \in Processes : WF_vars(Try(p))
CommitFairness == \A p \in Processes : WF_vars(Finish(p) \/ Leave(p))
PassByFairness == \A p \in Processes : SF_vars(PassBy(p))

\* Attempts are fair by chance: repeated attempts do not always find the write lock taken.
ChanceFairness == \A p \in Processes : SF_vars(write = Nobody /\ Try(p))

Safety == Init /\ [][Next]_vars
Spec ==
    Safety /\ EnterFairness /\ QueueFairness /\ TurnFairness /\ TryFairness /\ CommitFairness /\ PassByFairness
SpecWithChance == Spec /\ ChanceFairness

Symmetry == Permutations(Processes)

(***************************************************************************)
(* Properties                                                              *)
(***************************************************************************)
TypeOK ==
    /\ place \in [Processes ->
           {"idle", "wanting", "queueing", "first", "trying", "passing", "writing", "leaving", "dead"}]
    /\ {queue, hold, write} \subseteq Processes \cup {Nobody}
    /\ stalled \subseteq Processes

OneWriter == Cardinality({p \in Processes : Is(p, "writing")}) <= 1

Wants(p) == place[p] \in {"wanting", "queueing", "first", "trying", "passing"}

\* Every process that wants to write eventually does, while no process stalls.
NoWriterStarvation == \A p \in Processes : Wants(p) ~> ~Wants(p)

\* No process waits in the queue forever: it eventually attempts the write lock, or stalls itself.
InTheQueue(p) == place[p] \in {"wanting", "queueing", "first"}
BoundedStallDelay == \A p \in Processes : InTheQueue(p) ~> ~InTheQueue(p) \/ ~Running(p)

\* If attempts are fair by chance, every process that wants to write eventually does, or stalls itself.
NoBargerStarvation == \A p \in Processes : Wants(p) ~> ~Wants(p) \/ ~Running(p)

=============================================================================
