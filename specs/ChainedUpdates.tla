--------------------------- MODULE ChainedUpdates ---------------------------
(***************************************************************************)
(* Several threads of one process change one key, each by a function of    *)
(* what is there. Whoever comes next looks at what the one before it is    *)
(* about to make, and is committed only if that one was: in the same       *)
(* transaction, or before it. Others, who know nothing of this, commit in  *)
(* between, and make versions of the very numbers that were expected.      *)
(*                                                                         *)
(* A value is the sequence of those whose changes are in it, so that a     *)
(* change which is lost can be seen to be missing.                         *)
(*                                                                         *)
(* The actions in the code (package dev.fencepost.internal.txn):           *)
(*   Look          Updater, with the lock of Chains; Updater.step          *)
(*   LookAlone     Updater, where the lock cannot be had in time           *)
(*   Object        Updater, a function that throws                         *)
(*   Take, Judge, Commit   CommitQueue, Judge and BatchRunner              *)
(*   Fail          BatchRunner, a transaction that is not committed        *)
(*   Settle        Updater, with the outcome                               *)
(* Hidden: Foreign, a commit of another process.                           *)
(*                                                                         *)
(* Assumed: a transaction that failed is known not to be in the file. One  *)
(* whose outcome is unknown is answered as that, and not tried again.      *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets, TLC

CONSTANTS
    Callers,
    Objectors,  \* bound: the callers whose functions may refuse what they see
    Loners,     \* bound: the callers who may not get the lock in time
    MaxForeign, \* bound: the commits of others
    MaxFails,   \* bound: the transactions that fail
    Nobody,
    Other

VARIABLES
    history,    \* the values in the file, oldest first
    tries,      \* per caller, the number of its newest attempt
    link,       \* per caller, what it looked at last and what became of that
    last,       \* whose change comes last in the chain
    queue,      \* who waits to be committed
    batch,      \* who is left of the transaction under way
    written,    \* the values that it has written
    busy,       \* whether there is one
    objected,   \* what functions have refused, with their callers
    fails

vars == <<history, tries, link, last, queue, batch, written, busy, objected, fails>>

(***************************************************************************)
(* What the state says                                                     *)
(***************************************************************************)
Newest(values) == IF values = <<>> THEN <<>> ELSE values[Len(values)]
Is(c, there) == link[c].state = there

\* A change, by the attempt that made it: whoever tries again makes another. Attempts are counted around a
\* circle, so that there are no more states than matter: nobody follows an attempt for as long as three.
NextTry(try) == (try % 3) + 1
Made(c, try) == link[c].try = try /\ link[c].state \in {"applied", "committed"}

\* Whether a change is known not to be made, or rests on one that is.
RECURSIVE Broken(_, _)
Broken(c, try) ==
    \/ link[c].try # try
    \/ link[c].state \in {"refused", "idle"}
    \/ /\ link[c].state \in {"queued", "unmet"}
       /\ link[c].ahead # Nobody
       /\ Broken(link[c].ahead, link[c].aheadTry)

\* Chains of changes that are never made grow for ever; beyond what can be in the file their length does not matter.
Longest == Cardinality(Callers) + MaxForeign + 1
Grown(value, c) == IF Len(value) < Longest THEN Append(value, c) ELSE value
Capped(version) == IF version < Longest THEN version ELSE Longest

None == [try |-> 0, state |-> "idle", expects |-> 0, makes |-> <<>>, ahead |-> Nobody, aheadTry |-> 0]

(***************************************************************************)
(* The rules                                                               *)
(***************************************************************************)

\* What a change was computed from is in the file, or in the transaction under way.
FollowGuard(c) == link[c].ahead = Nobody \/ Made(link[c].ahead, link[c].aheadTry)

\* The version is the one that was seen. Versions are counted from one.
VersionGuard(c) == Len(history) + Len(written) = link[c].expects

\* Nobody follows a change that is known not to be made.
LastGuard == last # Nobody /\ ~Broken(last, link[last].try)

\* A function decides by what is in the file alone.
ObjectGuard(c) == ~LastGuard

\* Others commit while this process does not.
ForeignGuard == ~busy

(***************************************************************************)
(* The effects                                                             *)
(***************************************************************************)

\* What a transaction that was not committed has written is not in the file.
AfterFailure(state) == IF state \in {"applied", "unmet"} THEN "refused" ELSE state

(***************************************************************************)
(* The actions                                                             *)
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

\* Whoever was refused tries again; whoever was committed has been acknowledged.
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
(* The whole                                                               *)
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

\* Whoever wants to change the key looks, the queue is committed, and callers take their outcomes.
LookFairness == \A c \in Callers : WF_vars(Look(c))
LeadFairness == WF_vars(Take \/ Judge \/ Commit)
SettleFairness == \A c \in Callers : WF_vars(Settle(c))

Safety == Init /\ [][Next]_vars
Spec == Safety /\ LookFairness /\ LeadFairness /\ SettleFairness

(***************************************************************************)
(* Laws                                                                    *)
(***************************************************************************)
TypeOK ==
    /\ \A c \in Callers : link[c].state \in
           {"idle", "queued", "applied", "unmet", "committed", "refused", "done"}
    /\ last \in Callers \cup {Nobody}
    /\ busy \in BOOLEAN /\ fails \in 0..MaxFails

\* Each version is made from the one before it, so that nothing is lost.
OneWinner ==
    \A i \in 1..Len(history) :
        /\ Len(history[i]) = i
        /\ i > 1 => SubSeq(history[i], 1, i - 1) = history[i - 1]

\* What was acknowledged is there, once.
AcknowledgedOnce ==
    \A c \in Callers : Is(c, "done") =>
        Cardinality({i \in 1..Len(Newest(history)) : Newest(history)[i] = c}) = 1

\* What a function has refused was in the file.
RefusedWhatWasThere ==
    \A o \in objected : o[2] = <<>> \/ \E i \in 1..Len(history) : history[i] = o[2]

\* Every change is made at last, or refused by its own function.
EverybodyIsAnswered == \A c \in Callers : <>(Is(c, "done") \/ \E o \in objected : o[1] = c)

=============================================================================
