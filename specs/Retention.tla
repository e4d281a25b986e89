----------------------------- MODULE Retention ------------------------------
(***************************************************************************)
(* History and its retention: every version of a key is kept until         *)
(* retention prunes it. Readers read as of a sequence number, with a pin   *)
(* that holds back pruning (a snapshot), or without one.                   *)
(*                                                                         *)
(* The file is modelled as the sequence of its commits, each of one key.   *)
(* Pruning removes all versions of a key before some version, and the file *)
(* records that version in a note. A reader finds the newest kept version  *)
(* that is not after its sequence number. If it finds none, the note shows *)
(* whether the key was pruned or absent.                                   *)
(*                                                                         *)
(* A pin is leased, and lives by the heartbeats of its process. A step of  *)
(* retention that finds the process dead, or the lease expired, deletes    *)
(* the pin. The owner of the pin may continue to read, and may pin its     *)
(* sequence number again. Transactions read without a pin, and run again   *)
(* if a version was pruned.                                                *)
(*                                                                         *)
(* The actions in the code (package dev.fencepost.internal):               *)
(*   Commit  any commit, by commit.GroupCommitter                          *)
(*   Open    the choice of a sequence number; no write                     *)
(*   Pin     history.Snapshots, in one commit                              *)
(*   Read    read.AsOfReader                                               *)
(*   Close   history.Snapshots.close, in one commit                        *)
(*   Retain  history.Pruner, one step for one key, in one commit           *)
(* LostGuard is process.LivenessChecker. Actions of the environment:       *)
(* RunOut (a lease expires), Wake and Die (of a process), Tick (time       *)
(* passes).                                                                *)
(*                                                                         *)
(* The properties checked:                                                 *)
(*   reads     HistoryDoesNotChange, AbsentImpliesNeverExisted,            *)
(*             PrunedImpliesExisted                                        *)
(*   pins      PinnedVersionsRetained, LivePinsRetained                    *)
(*   policy    LatestRetained, CountPolicyHonoured, AgePolicyHonoured      *)
(*   liveness  EventualPruning                                             *)
(*                                                                         *)
(* Left out: events and streams; values; the order of keys in which        *)
(* retention proceeds; progress of a transaction that meets pruned         *)
(* versions.                                                               *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets, TLC

CONSTANTS
    Processes,    \* one snapshot each
    Keys,
    KeepCount,    \* the retention policy: the number of latest versions of a key that are kept ...
    KeepAge,      \* ... and the number of ticks for which each state is kept
    MaxCommits,
    MaxTicks,
    NoPlace

VARIABLES
    log,          \* the commits: the key that each wrote
    clock,
    until,        \* per tick, the number of commits when it began
    kept,         \* per key, the versions in the file
    note,         \* per key, the oldest version that the file records as kept
    life,         \* per process: "running", "past" (its lease has expired) or "dead"
    reads,        \* per process, the sequence number as of which it reads, or NoPlace
    noteThen,     \* per process, the notes when it opened its snapshot; only a mutant reads it
    pins,         \* per process, the sequence number that it has pinned, or NoPlace
    said          \* the last answer; no action reads it, and the VIEW omits it

vars == <<log, clock, until, kept, note, life, reads, noteThen, pins, said>>
view == <<log, clock, until, kept, note, life, reads, noteThen, pins>>

(***************************************************************************)
(* Derived state                                                           *)
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
(* Rules                                                                   *)
(***************************************************************************)

\* A sequence number is pinned only while every version of that state is kept.
WholeGuard(place) ==
    \A k \in Keys : VersionAt(k, place) > 0 => VersionAt(k, place) \in kept[k]

\* A pin is lost if its process is dead or its lease has expired. Every other pin holds back pruning.
LostGuard(p) == life[p] # "running"

\* Pruning stops before the version that was current at the oldest pin. Of a key that did not exist then, nothing is
\* pruned, since a later pin may protect it.
HoldGuard(k, from, places) == places # {} => from <= Max(1, VersionAt(k, Least(places)))

\* The newest version is always kept.
NewestGuard(k, from) == from <= Newest(k)

\* A version is kept if the count or the age requires it. Its age counts from the commit of the next version.
CountGuard(k, from) == from + KeepCount <= Newest(k) + 1
AgeGuard(k, from) == KeepAge > 0 => from <= Max(1, VersionAt(k, AgoIs(KeepAge)))

\* All older versions are pruned, not some of them.
PrefixGuard(gone, before) == gone = before

\* The deletion of versions and the note of it are one commit.
OneCommitGuard(deleted, noted) == deleted = noted

(***************************************************************************)
(* Effects                                                                 *)
(***************************************************************************)
\* The note is read in the same snapshot of the file as the versions.
NoteFor(p, k) == note[k]

\* A key was pruned as of a sequence number if its first version is not after it, and its oldest kept version is.
NoLongerKept(k, from, place) ==
    /\ from > 1
    /\ PlaceOf(k, 1) <= place
    /\ place < PlaceOf(k, from)

WhatIs(p, k) ==
    LET found == {v \in kept[k] : PlaceOf(k, v) <= reads[p]}
    IN  IF found # {} THEN <<"value", CHOOSE v \in found : \A w \in found : v >= w>>
        ELSE IF NoLongerKept(k, NoteFor(p, k), reads[p]) THEN <<"no longer kept", 0>> ELSE <<"absent", 0>>

(***************************************************************************)
(* Actions                                                                 *)
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

\* The commit that writes the pin checks WholeGuard.
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

\* A step prunes at least one version. The same commit deletes the pins that were found lost.
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

\* Its heartbeats continue, and so does its pin, if it was not deleted.
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
(* Specification                                                           *)
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

\* Retention continues for each key.
RetainFairness == \A k \in Keys : WF_vars(\E from \in 2 .. MaxCommits : Retain(k, from))

Safety == Init /\ [][Next]_vars
Spec == Safety /\ RetainFairness

Symmetry == Permutations(Processes) \cup Permutations(Keys)

(***************************************************************************)
(* Properties                                                              *)
(***************************************************************************)
TypeOK ==
    /\ \A k \in Keys : kept[k] \subseteq 1 .. Newest(k) /\ note[k] \in 1 .. MaxCommits + 1
    /\ \A p \in Processes : pins[p] \in 0 .. Sequence \cup {NoPlace} /\ reads[p] \in 0 .. Sequence \cup {NoPlace}

WasThere(answer) == VersionAt(answer.key, answer.place)

\* As of a sequence number, a key always reads the same, or as pruned.
HistoryDoesNotChange == [][said'.what = "value" => said'.version = WasThere(said')]_vars

\* A key that reads as absent did not exist. A key that reads as pruned did.
AbsentImpliesNeverExisted == [][said'.what = "absent" => WasThere(said') = 0]_vars
PrunedImpliesExisted == [][said'.what = "no longer kept" => WasThere(said') > 0]_vars

\* A process with a pin never reads a pruned version.
PinnedVersionsRetained == [][said'.what = "no longer kept" => ~Pinned(said'.who)]_vars

\* A pin stays while its process is alive and renews its lease, until the process closes it.
LivePinsRetained ==
    [][\A p \in Processes : Pinned(p) /\ pins'[p] = NoPlace =>
           life[p] # "running" \/ (said'.did = "close" /\ said'.who = p)]_vars

\* The policy is honoured: the newest version, the latest versions by count, and all states within the age are kept.
LatestRetained == \A k \in Keys : Newest(k) > 0 => Newest(k) \in kept[k]
CountPolicyHonoured == \A k \in Keys : \A v \in 1 .. Newest(k) : v + KeepCount > Newest(k) => v \in kept[k]
AgePolicyHonoured ==
    \A k \in Keys, s \in AgoIs(KeepAge) .. Sequence : VersionAt(k, s) > 0 => VersionAt(k, s) \in kept[k]

\* A version that the policy does not keep is eventually pruned, unless a live process has a pin.
Pinners == {p \in Processes : Pinned(p) /\ life[p] = "running"}
EventualPruning == \A k \in Keys : Newest(k) > KeepCount ~> Pinners # {} \/ 1 \notin kept[k]

=============================================================================
