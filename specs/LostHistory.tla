---------------------------- MODULE LostHistory -----------------------------
(***************************************************************************)
(* A file that loses a part of its history while stores have it open. An   *)
(* older copy is restored into it and grows again, perhaps as far as the   *)
(* lost history had grown.                                                 *)
(*                                                                         *)
(* Each store remembers the newest commit that it has seen (its high-water *)
(* mark), by its sequence number and its name. A name is a random process  *)
(* number with the ordinal of the commit in that process. So no two        *)
(* commits have the same name, in any history.                             *)
(*                                                                         *)
(* Every read and every write asks the file whether it has that commit.    *)
(* Several threads of one store read at the same time. Each asks with the  *)
(* high-water mark of that moment, and then records the commit that it     *)
(* found. If the mark has changed in the meantime, the thread asks the     *)
(* file again, for both commits.                                           *)
(*                                                                         *)
(* A position is the sequence number and name of a commit, which one store *)
(* passes to another. It is accepted if the file has that commit.          *)
(*                                                                         *)
(* The actions in the code (package dev.fencepost.internal):               *)
(*   Ask     read.HighWaterMark.observe, which asks the file               *)
(*   Commit  commit.GroupCommitter, in the write transaction               *)
(*   Show    read.HighWaterMark.note; the caller gets its answer           *)
(*   Refuse  read.HighWaterMark, with the reason HISTORY_WENT_BACK         *)
(*   Use     read.Positions.verify                                         *)
(* Actions of other programs: Edit, Copy and Restore.                      *)
(*                                                                         *)
(* The properties checked:                                                 *)
(*   OneHistory              all answers of one store belong to one        *)
(*                           history                                       *)
(*   IntactFileServed        a store whose file lost nothing is not        *)
(*                           refused                                       *)
(*   NoLostPositionAccepted  an accepted position belongs to the history   *)
(*                           of the file                                   *)
(*                                                                         *)
(* Left out: values and keys; adoptions, which give the file a new         *)
(* identity (Adoption); the time that passes until a store asks.           *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets, TLC

CONSTANTS
    Stores,
    Threads,        \* of each store
    MaxCommits,     \* bound: commits that are ever made
    MaxRestores,    \* bound
    None

VARIABLES
    file,       \* the commits in the file, in order
    copy,       \* the commits in the copy of the file
    made,       \* the number of commits ever made, in all histories
    restores,   \* the number of restores of the copy into the file
    seen,       \* per store, the newest commit that it has seen
    asked,      \* per store and thread, the mark with which it asked and the answer; or None
    shown,      \* per store, all histories that it has shown
    misled      \* whether a position was accepted by a file that lacks its history

vars == <<file, copy, made, restores, seen, asked, shown, misled>>

(***************************************************************************)
(* Derived state                                                           *)
(***************************************************************************)
NameAt(log, at) == IF at = 0 THEN 0 ELSE log[at].name
Newest(log) == [at |-> Len(log), name |-> NameAt(log, Len(log))]
Has(log, commit) == commit.at <= Len(log) /\ NameAt(log, commit.at) = commit.name
IsPrefix(one, other) == Len(one) <= Len(other) /\ SubSeq(other, 1, Len(one)) = one
Later(one, other) == IF other.at > one.at THEN other ELSE one

(***************************************************************************)
(* Rules                                                                   *)
(***************************************************************************)

\* A read is answered if the file has the newest commit that the store had seen.
ReadGuard(before, log) == Has(log, before)

\* A commit is made if the file has the newest commit that the store has seen.
WriteGuard(s) == Has(file, seen[s])

\* An answer counts if the store has seen nothing else in the meantime, or if the file has both commits.
NoteGuard(s, before, newest) ==
    \/ seen[s] = before
    \/ seen[s] = newest
    \/ Has(file, seen[s]) /\ Has(file, newest)

\* A position is accepted if the file has its commit.
PositionGuard(position) == Has(file, position)

(***************************************************************************)
(* Effects                                                                 *)
(***************************************************************************)

\* No two commits have the same name.
NewName == made + 1

\* Two commits may have the same name in a mutant; 'commit' tells them apart. The file has only the name.
NewCommit == [name |-> NewName, commit |-> made + 1]

(***************************************************************************)
(* Actions                                                                 *)
(***************************************************************************)
Ask(s, t) ==
    /\ asked[s][t] = None
    /\ ReadGuard(seen[s], file)
    /\ asked' = [asked EXCEPT ![s][t] = [before |-> seen[s], answer |-> file]]
    /\ UNCHANGED <<file, copy, made, restores, seen, shown, misled>>

Commit(s, t) ==
    /\ asked[s][t] = None
    /\ made < MaxCommits
    /\ WriteGuard(s)
    /\ file' = Append(file, NewCommit)
    /\ made' = made + 1
    /\ seen' = [seen EXCEPT ![s] = Later(seen[s], Newest(file))]
    /\ asked' = [asked EXCEPT ![s][t] = [before |-> seen'[s], answer |-> file']]
    /\ UNCHANGED <<copy, restores, shown, misled>>

Show(s, t) ==
    /\ asked[s][t] # None
    /\ NoteGuard(s, asked[s][t].before, Newest(asked[s][t].answer))
    /\ seen' = [seen EXCEPT ![s] = Later(seen[s], Newest(asked[s][t].answer))]
    /\ shown' = [shown EXCEPT ![s] = @ \cup {asked[s][t].answer}]
    /\ asked' = [asked EXCEPT ![s][t] = None]
    /\ UNCHANGED <<file, copy, made, restores, misled>>

Refuse(s, t) ==
    /\ asked[s][t] # None
    /\ ~NoteGuard(s, asked[s][t].before, Newest(asked[s][t].answer))
    /\ asked' = [asked EXCEPT ![s][t] = None]
    /\ UNCHANGED <<file, copy, made, restores, seen, shown, misled>>

Use(s, log) ==
    /\ log \in shown[s]
    /\ PositionGuard(Newest(log))
    /\ misled' = (misled \/ ~IsPrefix(log, file))
    /\ UNCHANGED <<file, copy, made, restores, seen, asked, shown>>

(***************************************************************************)
(* Other programs                                                          *)
(***************************************************************************)
\* A commit at an SQL prompt, which has no high-water mark.
Edit ==
    /\ made < MaxCommits
    /\ file' = Append(file, NewCommit)
    /\ made' = made + 1
    /\ UNCHANGED <<copy, restores, seen, asked, shown, misled>>

Copy ==
    /\ copy # file
    /\ copy' = file
    /\ UNCHANGED <<file, made, restores, seen, asked, shown, misled>>

Restore ==
    /\ restores < MaxRestores
    /\ restores' = restores + 1
    /\ file' = copy
    /\ UNCHANGED <<copy, made, seen, asked, shown, misled>>

(***************************************************************************)
(* Specification                                                           *)
(***************************************************************************)
Init ==
    /\ file = <<>> /\ copy = <<>>
    /\ made = 0 /\ restores = 0
    /\ seen = [s \in Stores |-> Newest(<<>>)]
    /\ asked = [s \in Stores |-> [t \in Threads |-> None]]
    /\ shown = [s \in Stores |-> {}]
    /\ misled = FALSE

Next ==
    \/ \E s \in Stores, t \in Threads : Ask(s, t)
    \/ \E s \in Stores, t \in Threads : Commit(s, t)
    \/ \E s \in Stores, t \in Threads : Show(s, t)
    \/ \E s \in Stores, t \in Threads : Refuse(s, t)
    \/ \E s \in Stores : \E log \in shown[s] : Use(s, log)
    \/ Edit
    \/ Copy
    \/ Restore

Safety == Init /\ [][Next]_vars

Symmetry == Permutations(Stores) \cup Permutations(Threads)

(***************************************************************************)
(* Properties                                                              *)
(***************************************************************************)
TypeOK ==
    /\ made \in 0..MaxCommits /\ restores \in 0..MaxRestores
    /\ Len(file) <= made /\ Len(copy) <= made
    /\ misled \in BOOLEAN

\* All answers of one store belong to one history.
OneHistory ==
    \A s \in Stores : \A one, other \in shown[s] : IsPrefix(one, other) \/ IsPrefix(other, one)

\* A store whose file lost nothing is not refused.
IntactFileServed ==
    restores = 0 => \A s \in Stores :
        /\ Has(file, seen[s])
        /\ \A t \in Threads : asked[s][t] # None =>
               NoteGuard(s, asked[s][t].before, Newest(asked[s][t].answer))

\* An accepted position belongs to the history of the file.
NoLostPositionAccepted == ~misled

=============================================================================
