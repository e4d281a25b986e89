-------------------------- MODULE PipelinedUpdates --------------------------
(***************************************************************************)
(* Pipelined updates: threads of one process that change the same key,     *)
(* each by a function of its current value. A thread computes its change   *)
(* from the uncommitted result of its predecessor. Its change is committed *)
(* only if the predecessor's is: in the same transaction, or before it.    *)
(* Other processes, which do not know of the chain, commit in between.     *)
(* They create versions with the same numbers that the chain expects.      *)
(*                                                                         *)
(* A value is the sequence of the callers whose changes it includes, so a  *)
(* lost update is visible.                                                 *)
(*                                                                         *)
(* The actions in the code (package dev.fencepost.internal):               *)
(*   Look       commit.ReadModifyWrite, with the lock of                   *)
(*              commit.PipelinedUpdates                                    *)
(*   LookAlone  commit.ReadModifyWrite, if the lock is not free in time    *)
(*   Object     commit.ReadModifyWrite, with a function that throws        *)
(*   Take       commit.CommitQueue, which forms a batch                    *)
(*   Judge      commit.CommitValidator; FollowGuard is                     *)
(*              PipelinedUpdate.mayFollow                                  *)
(*   Commit     commit.GroupCommitter                                      *)
(*   Fail       commit.GroupCommitter, if a transaction is not committed   *)
(*   Settle     commit.ReadModifyWrite, with the outcome                   *)
(* Action of the environment: Foreign (a commit of another process).       *)
(*                                                                         *)
(* The properties checked:                                                 *)
(*   safety    OneWinner, AcknowledgedOnce, RefusalsSeeCommittedState      *)
(*   liveness  EveryCallCompletes                                          *)
(*                                                                         *)
(* Left out: unknown outcomes. A transaction that failed is known not to   *)
(* be in the file. One whose outcome is unknown is reported as such and    *)
(* not retried. Also left out: several keys, and claims.                   *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets, TLC

CONSTANTS
    Callers,
    Objectors,  \* bound: the callers whose functions may refuse the value
    Loners,     \* bound: the callers that may fail to get the lock in time
    MaxForeign, \* bound: the commits of other processes
    MaxFails,   \* bound: failed transactions
    Nobody,
    Other

VARIABLES
    history,    \* the values in the file, oldest first
    tries,      \* per caller, the number of its newest attempt
    link,       \* per caller, its newest attempt: the change, its predecessor and its state
    last,       \* the caller whose change is last in the chain, if any
    queue,      \* the callers that wait for a commit
    batch,      \* the callers of the current transaction that are not yet validated
    written,    \* the values that the current transaction has written
    busy,       \* whether a transaction is active
    objected,   \* the values that functions refused, with their callers
    fails

vars == <<history, tries, link, last, queue, batch, written, busy, objected, fails>>

(***************************************************************************)
(* Derived state                                                           *)
(***************************************************************************)
Newest(values) == IF values = <<>> THEN <<>> ELSE values[Len(values)]
Is(c, there) == link[c].state = there

\* A change belongs to one attempt: a retry makes another change. Attempt numbers are modulo 3, which bounds the number
\* of states: no change follows an attempt that is three attempts old.
NextTry(try) == (try % 3) + 1
Made(c, try) == link[c].try = try /\ link[c].state \in {"applied", "committed"}

\* A change is broken if it, or one that it depends on, is known not to be committed.
RECURSIVE Broken(_, _)
Broken(c, try) ==
    \/ link[c].try # try
    \/ link[c].state \in {"refused", "idle"}
    \/ /\ link[c].state \in {"queued", "unmet"}
       /\ link[c].ahead # Nobody
       /\ Broken(link[c].ahead, link[c].aheadTry)

\* Chains of changes that are never committed could grow without bound. Lengths beyond the longest possible history do
\* not matter.
Longest == Cardinality(Callers) + MaxForeign + 1
Grown(value, c) == IF Len(value) < Longest THEN Append(value, c) ELSE value
Capped(version) == IF version < Longest THEN version ELSE Longest

None == [try |-> 0, state |-> "idle", expects |-> 0, makes |-> <<>>, ahead |-> Nobody, aheadTry |-> 0]

(***************************************************************************)
(* Rules                                                                   *)
(***************************************************************************)

\* The predecessor of a change is committed, or written in the current transaction.
FollowGuard(c) == link[c].ahead = Nobody \/ Made(link[c].ahead, link[c].aheadTry)

\* The version is the expected one. Versions are counted from one.
VersionGuard(c) == Len(history) + Len(written) = link[c].expects

\* A caller follows only a change that may still be committed.
LastGuard == last # Nobody /\ ~Broken(last, link[last].try)

\* A refusal by a function is final only if the function saw a committed value.
ObjectGuard(c) == ~LastGuard

\* Another process commits only while this one has no transaction: the write lock.
ForeignGuard == ~busy

(***************************************************************************)
(* Effects                                                                 *)
(***************************************************************************)

\* A failed transaction leaves nothing in the file.
AfterFailure(state) == IF state \in {"applied", "unmet"} THEN "refused" ELSE state

(***************************************************************************)
(* Actions                                                                 *)
(***************************************************************************)
Enqueue(c, seen, version, ahead, aheadTry) ==
    /\ tries' = [tries EXCEPT ![c] = NextTry(@)]
    /\ link' = [link EXCEPT ![c] = [try |-> NextTry(tries[c]), state |-> "queued", expects |-> Capped(version),
                                    makes |-> Grown(seen, c), ahead |-> ahead, aheadTry |-> aheadTry]]
    /\ queue' = Append(queue, c)

Look(c) ==
    /\ Is(c, "idle") /\ ~\E o \in objected : o[1] = c
    /\ IF LastGuard
       THEN Enqueue(c, link[last].makes, link[last].expects + 1, last, link[last].try)
       ELSE Enqueue(c, Newest(history), Len(history), Nobody, 0)
    /\ last' = c
    /\ UNCHANGED <<history, batch, written, busy, objected, fails>>

LookAlone(c) ==
    /\ c \in Loners
    /\ Is(c, "idle") /\ ~\E o \in objected : o[1] = c
    /\ Enqueue(c, Newest(history), Len(history), Nobody, 0)
    /\ UNCHANGED <<history, last, batch, written, busy, objected, fails>>

Object(c) ==
    /\ c \in Objectors
    /\ Is(c, "idle") /\ ~\E o \in objected : o[1] = c
    /\ ObjectGuard(c)
    /\ objected' = objected \cup
           {<<c, IF LastGuard THEN link[last].makes ELSE Newest(history)>>}
    /\ UNCHANGED <<history, tries, link, last, queue, batch, written, busy, fails>>

Take ==
    /\ ~busy /\ queue # <<>>
    /\ busy' = TRUE
    /\ batch' = queue
    /\ queue' = <<>>
    /\ UNCHANGED <<history, tries, link, last, written, objected, fails>>

Judge ==
    /\ batch # <<>>
    /\ LET c == Head(batch)
           good == FollowGuard(c) /\ VersionGuard(c)
       IN /\ written' = IF good THEN Append(written, link[c].makes) ELSE written
          /\ link' = [link EXCEPT ![c].state = IF good THEN "applied" ELSE "unmet"]
    /\ batch' = Tail(batch)
    /\ UNCHANGED <<history, tries, last, queue, busy, objected, fails>>

End(values, State(_)) ==
    /\ busy /\ batch = <<>>
    /\ busy' = FALSE
    /\ written' = <<>>
    /\ history' = history \o values
    /\ link' = [c \in Callers |-> [link[c] EXCEPT !.state = State(@)]]
    /\ UNCHANGED <<tries, last, queue, batch, objected>>

Committed(state) == IF state = "applied" THEN "committed" ELSE IF state = "unmet" THEN "refused" ELSE state

Commit ==
    /\ End(written, Committed)
    /\ UNCHANGED fails

Fail ==
    /\ fails < MaxFails
    /\ fails' = fails + 1
    /\ End(<<>>, AfterFailure)

\* A refused caller retries. A committed caller has been acknowledged.
Settle(c) ==
    /\ link[c].state \in {"committed", "refused"}
    /\ link' = [link EXCEPT ![c].state = IF @ = "committed" THEN "done" ELSE "idle"]
    /\ last' = IF last = c THEN Nobody ELSE last
    /\ UNCHANGED <<history, tries, queue, batch, written, busy, objected, fails>>

Foreigners == Cardinality({i \in 1..Len(history) : history[i][Len(history[i])] = Other})

Foreign ==
    /\ Foreigners < MaxForeign
    /\ ForeignGuard
    /\ history' = Append(history, Append(Newest(history), Other))
    /\ UNCHANGED <<tries, link, last, queue, batch, written, busy, objected, fails>>

(***************************************************************************)
(* Specification                                                           *)
(***************************************************************************)
Init ==
    /\ history = <<>>
    /\ tries = [c \in Callers |-> 0]
    /\ link = [c \in Callers |-> None]
    /\ last = Nobody
    /\ queue = <<>> /\ batch = <<>> /\ written = <<>>
    /\ busy = FALSE
    /\ objected = {}
    /\ fails = 0

Next ==
    \/ \E c \in Callers : Look(c)
    \/ \E c \in Callers : LookAlone(c)
    \/ \E c \in Callers : Object(c)
    \/ Take
    \/ Judge
    \/ Commit
    \/ Fail
    \/ \E c \in Callers : Settle(c)
    \/ Foreign

\* Callers look, the queue is committed, and callers collect their outcomes.
LookFairness == \A c \in Callers : WF_vars(Look(c))
LeadFairness == WF_vars(Take \/ Judge \/ Commit)
SettleFairness == \A c \in Callers : WF_vars(Settle(c))

Safety == Init /\ [][Next]_vars
Spec == Safety /\ LookFairness /\ LeadFairness /\ SettleFairness

(***************************************************************************)
(* Properties                                                              *)
(***************************************************************************)
TypeOK ==
    /\ \A c \in Callers : link[c].state \in
           {"idle", "queued", "applied", "unmet", "committed", "refused", "done"}
    /\ last \in Callers \cup {Nobody}
    /\ busy \in BOOLEAN /\ fails \in 0..MaxFails

\* Each version is computed from the one before it: no update is lost.
OneWinner ==
    \A i \in 1..Len(history) :
        /\ Len(history[i]) = i
        /\ i > 1 => SubSeq(history[i], 1, i - 1) = history[i - 1]

\* An acknowledged change is in the newest version exactly once.
AcknowledgedOnce ==
    \A c \in Callers : Is(c, "done") =>
        Cardinality({i \in 1..Len(Newest(history)) : Newest(history)[i] = c}) = 1

\* A function refused only values that were committed.
RefusalsSeeCommittedState ==
    \A o \in objected : o[2] = <<>> \/ \E i \in 1..Len(history) : history[i] = o[2]

\* Every change is eventually committed, or refused by its own function.
EveryCallCompletes == \A c \in Callers : <>(Is(c, "done") \/ \E o \in objected : o[1] = c)

=============================================================================
