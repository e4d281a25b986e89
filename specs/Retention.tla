------------------------------ MODULE Retention ------------------------------
(***************************************************************************)
(* History: every version of a key is kept, until retention evicts it; and *)
(* readers as of a place in the order of the store, with a pin that holds  *)
(* retention back, or without one.                                         *)
(*                                                                         *)
(* The file is here the sequence of its commits, each of one key. Of each  *)
(* key the versions before some are evicted, always all of them, and the   *)
(* file notes from which on they are kept. A reader finds the greatest     *)
(* version that is kept and not after its place. Where it finds none, the  *)
(* note tells what is no longer kept from what was never there.            *)
(*                                                                         *)
(* A pin lives by the heartbeats of its process, under a lease. A step of  *)
(* retention that finds the process gone, or the lease past, deletes the   *)
(* pin. Whoever had it may go on reading, and may pin its place anew.      *)
(* Transactions read without a pin, and run again when they are told that  *)
(* something is no longer kept.                                            *)
(*                                                                         *)
(* Which actions are commits: Commit, Pin, Close, and Retain, a step of    *)
(* retention. Read is one statement, and so one cut of the file. Open only *)
(* chooses a place. Hidden: RunOut, Wake and Die, of a process; and Tick.  *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets, TLC

CONSTANTS
    Processes,    \* one snapshot each
    Keys,
    KeepCount,    \* the rules of retention: so many versions of a key are kept ...
    KeepAge,      \* ... and whatever was there within so many ticks
    MaxCommits,
    MaxTicks,
    NoPlace

VARIABLES
    log,          \* the commits: which key each has written
    clock,
    until,        \* per tick, how many commits there were when it began
    kept,         \* per key, the versions that are in the file
    note,         \* per key, from which version on they are said to be kept
    life,         \* per process: "running", "past" (its lease is) or "dead"
    reads,        \* per process, the place as of which it reads, or NoPlace
    noteThen,     \* and what was noted when it began to; no rule goes by that
    pins,         \* per process, the place that it has pinned, or NoPlace
    said          \* the last answer; nothing depends on it, and the VIEW leaves it out

vars == <<log, clock, until, kept, note, life, reads, noteThen, pins, said>>
view == <<log, clock, until, kept, note, life, reads, noteThen, pins>>

(***************************************************************************)
(* What the state says                                                     *)
(***************************************************************************)
Sequence == Len(log)
VersionAt(k, place) == Cardinality({i \in 1 .. place : log[i] = k})
Newest(k) == VersionAt(k, Sequence)
PlaceOf(k, version) == CHOOSE i \in 1 .. Sequence : log[i] = k /\ VersionAt(k, i) = version

Max(a, b) == IF a > b THEN a ELSE b
Pinned(p) == pins[p] # NoPlace
Least(places) == CHOOSE s \in places : \A t \in places : s <= t
AgoIs(age) == IF clock < age THEN 0 ELSE until[clock - age]

Said(did, who) == [did |-> did, who |-> who, what |-> "nothing", version |-> 0, key |-> "none", place |-> 0]

(***************************************************************************)
(* The rules                                                               *)
(***************************************************************************)

\* A place is pinned only while all that was there then is kept.
WholeGuard(place) ==
    \A k \in Keys : VersionAt(k, place) > 0 => VersionAt(k, place) \in kept[k]

\* The pin of a process that is gone, or whose lease is past, holds nothing back; every other one does.
LostGuard(p) == life[p] # "running"

\* Evicted is at most up to what was current at the least place that is pinned, and nothing of a key that was not
\* yet there: others may have pinned it since.
HoldGuard(k, from, places) == places # {} => from <= Max(1, VersionAt(k, Least(places)))

\* The newest version stays, were it the last one.
NewestGuard(k, from) == from <= Newest(k)

\* What either rule keeps is kept. A version has the age of the one that came after it.
CountGuard(k, from) == from + KeepCount <= Newest(k) + 1
AgeGuard(k, from) == KeepAge > 0 => from <= Max(1, VersionAt(k, AgoIs(KeepAge)))

\* What goes is all that came before.
PrefixGuard(gone, before) == gone = before

\* What is evicted, and the note that it was, are one commit.
OneCommitGuard(deleted, noted) == deleted = noted

(***************************************************************************)
(* The effects                                                             *)
(***************************************************************************)
\* The note is read in the same cut as the versions.
NoteFor(p, k) == note[k]

\* No longer kept is what began not after the place and is kept since after it.
NoLongerKept(k, from, place) ==
    /\ from > 1
    /\ PlaceOf(k, 1) <= place
    /\ place < PlaceOf(k, from)

WhatIs(p, k) ==
    LET found == {v \in kept[k] : PlaceOf(k, v) <= reads[p]}
    IN  IF found # {} THEN <<"value", CHOOSE v \in found : \A w \in found : v >= w>>
        ELSE IF NoLongerKept(k, NoteFor(p, k), reads[p]) THEN <<"no longer kept", 0>> ELSE <<"absent", 0>>

(***************************************************************************)
(* The actions                                                             *)
(***************************************************************************)
Commit(k) ==
    /\ Sequence < MaxCommits
    /\ log' = Append(log, k)
    /\ kept' = [kept EXCEPT ![k] = @ \cup {Newest(k) + 1}]
    /\ said' = Said("commit", "nobody")
    /\ UNCHANGED <<clock, until, note, life, reads, noteThen, pins>>

Open(p, place) ==
    /\ life[p] # "dead" /\ reads[p] = NoPlace
    /\ reads' = [reads EXCEPT ![p] = place]
    /\ noteThen' = [noteThen EXCEPT ![p] = note]
    /\ said' = Said("open", p)
    /\ UNCHANGED <<log, clock, until, kept, note, life, pins>>

\* Whether the place can be pinned is asked in the commit that pins it.
Pin(p) ==
    /\ life[p] # "dead" /\ reads[p] # NoPlace /\ ~Pinned(p)
    /\ WholeGuard(reads[p])
    /\ pins' = [pins EXCEPT ![p] = reads[p]]
    /\ said' = Said("pin", p)
    /\ UNCHANGED <<log, clock, until, kept, note, life, reads, noteThen>>

Read(p, k) ==
    /\ life[p] # "dead" /\ reads[p] # NoPlace
    /\ said' = [did |-> "read", who |-> p, what |-> WhatIs(p, k)[1], version |-> WhatIs(p, k)[2], key |-> k,
                place |-> reads[p]]
    /\ UNCHANGED <<log, clock, until, kept, note, life, reads, noteThen, pins>>

Close(p) ==
    /\ life[p] # "dead" /\ reads[p] # NoPlace
    /\ reads' = [reads EXCEPT ![p] = NoPlace]
    /\ noteThen' = [noteThen EXCEPT ![p] = [k \in Keys |-> 1]]
    /\ pins' = [pins EXCEPT ![p] = NoPlace]
    /\ said' = Said("close", p)
    /\ UNCHANGED <<log, clock, until, kept, note, life>>

LostPins == {p \in Processes : Pinned(p) /\ LostGuard(p)}
KeptBefore(k, from) == {v \in kept[k] : v < from}

\* A step that evicts nothing is none. The pins that were found lost are deleted in the same commit.
Retain(k, from) ==
    /\ KeptBefore(k, from) # {}
    /\ HoldGuard(k, from, {pins[p] : p \in {q \in Processes \ LostPins : Pinned(q)}})
    /\ NewestGuard(k, from) /\ CountGuard(k, from) /\ AgeGuard(k, from)
    /\ pins' = [p \in Processes |-> IF p \in LostPins THEN NoPlace ELSE pins[p]]
    /\ \E gone \in SUBSET KeptBefore(k, from) \ {{}} :
        /\ PrefixGuard(gone, KeptBefore(k, from))
        /\ \E deleted, noted \in BOOLEAN :
            /\ deleted \/ noted
            /\ OneCommitGuard(deleted, noted)
            /\ kept' = IF deleted THEN [kept EXCEPT ![k] = @ \ gone] ELSE kept
            /\ note' = IF noted THEN [note EXCEPT ![k] = from] ELSE note
    /\ said' = Said("retain", "nobody")
    /\ UNCHANGED <<log, clock, until, life, reads, noteThen>>

RunOut(p) ==
    /\ life[p] = "running"
    /\ life' = [life EXCEPT ![p] = "past"]
    /\ said' = Said("run out", p)
    /\ UNCHANGED <<log, clock, until, kept, note, reads, noteThen, pins>>

\* Its heartbeats go on, and with them its pin, if that is still there.
Wake(p) ==
    /\ life[p] = "past"
    /\ life' = [life EXCEPT ![p] = "running"]
    /\ said' = Said("wake", p)
    /\ UNCHANGED <<log, clock, until, kept, note, reads, noteThen, pins>>

Die(p) ==
    /\ life[p] # "dead"
    /\ life' = [life EXCEPT ![p] = "dead"]
    /\ reads' = [reads EXCEPT ![p] = NoPlace]
    /\ noteThen' = [noteThen EXCEPT ![p] = [k \in Keys |-> 1]]
    /\ said' = Said("die", p)
    /\ UNCHANGED <<log, clock, until, kept, note, pins>>

Tick ==
    /\ clock < MaxTicks
    /\ clock' = clock + 1
    /\ until' = [until EXCEPT ![clock'] = Sequence]
    /\ said' = Said("tick", "nobody")
    /\ UNCHANGED <<log, kept, note, life, reads, noteThen, pins>>

(***************************************************************************)
(* The whole                                                               *)
(***************************************************************************)
Init ==
    /\ log = <<>>
    /\ clock = 0 /\ until = [t \in 0 .. MaxTicks |-> 0]
    /\ kept = [k \in Keys |-> {}]
    /\ note = [k \in Keys |-> 1]
    /\ life = [p \in Processes |-> "running"]
    /\ reads = [p \in Processes |-> NoPlace]
    /\ noteThen = [p \in Processes |-> [k \in Keys |-> 1]]
    /\ pins = [p \in Processes |-> NoPlace]
    /\ said = Said("begin", "nobody")

Next ==
    \/ \E k \in Keys : Commit(k)
    \/ \E p \in Processes, place \in 0 .. Sequence : Open(p, place)
    \/ \E p \in Processes : Pin(p)
    \/ \E p \in Processes, k \in Keys : Read(p, k)
    \/ \E p \in Processes : Close(p)
    \/ \E k \in Keys, from \in 2 .. MaxCommits + 1 : Retain(k, from)
    \/ \E p \in Processes : RunOut(p)
    \/ \E p \in Processes : Wake(p)
    \/ \E p \in Processes : Die(p)
    \/ Tick

\* Retention goes on, key by key.
RetainFairness == \A k \in Keys : WF_vars(\E from \in 2 .. MaxCommits : Retain(k, from))

Safety == Init /\ [][Next]_vars
Spec == Safety /\ RetainFairness

Symmetry == Permutations(Processes) \cup Permutations(Keys)

(***************************************************************************)
(* Laws                                                                    *)
(***************************************************************************)
TypeOK ==
    /\ \A k \in Keys : kept[k] \subseteq 1 .. Newest(k) /\ note[k] \in 1 .. MaxCommits + 1
    /\ \A p \in Processes : pins[p] \in 0 .. Sequence \cup {NoPlace} /\ reads[p] \in 0 .. Sequence \cup {NoPlace}

WasThere(answer) == VersionAt(answer.key, answer.place)

\* As of a place a key reads the same for ever, or is no longer kept.
HistoryDoesNotChange == [][said'.what = "value" => said'.version = WasThere(said')]_vars

\* Absent is what was not there, and no longer kept is what was.
AbsentMeansNeverThere == [][said'.what = "absent" => WasThere(said') = 0]_vars
NoLongerKeptMeansThere == [][said'.what = "no longer kept" => WasThere(said') > 0]_vars

\* Whoever has a pin is never told that something is no longer kept.
NothingGoesUnderAPin == [][said'.what = "no longer kept" => ~Pinned(said'.who)]_vars

\* A pin stays while its process lives and renews its lease.
ALivePinStays ==
    [][\A p \in Processes : Pinned(p) /\ pins'[p] = NoPlace =>
           life[p] # "running" \/ (said'.did = "close" /\ said'.who = p)]_vars

\* What the rules keep is there: the newest version, so many of them, and what was there so long ago.
TheNewestIsKept == \A k \in Keys : Newest(k) > 0 => Newest(k) \in kept[k]
TheCountIsKept == \A k \in Keys : \A v \in 1 .. Newest(k) : v + KeepCount > Newest(k) => v \in kept[k]
TheAgeIsKept ==
    \A k \in Keys, s \in AgoIs(KeepAge) .. Sequence : VersionAt(k, s) > 0 => VersionAt(k, s) \in kept[k]

\* What no rule keeps is evicted at last, unless a process that lives has a pin.
Pinners == {p \in Processes : Pinned(p) /\ life[p] = "running"}
OldVersionsGo == \A k \in Keys : Newest(k) > KeepCount ~> Pinners # {} \/ 1 \notin kept[k]

=============================================================================
