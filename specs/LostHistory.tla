---------------------------- MODULE LostHistory -----------------------------
(***************************************************************************)
(* A file that loses a part of its history while stores have it open: an   *)
(* older copy is restored into it, and grows again, perhaps as far as the  *)
(* lost history had grown.                                                 *)
(*                                                                         *)
(* Each store remembers the newest commit that it has seen, by the place   *)
(* of the commit and by its name. A name is a random process number with   *)
(* the ordinal of the commit in that process, so no two commits have the   *)
(* same, in whichever history. Every read and every write asks the file    *)
(* whether it has that commit. Several threads of one store read at one    *)
(* time: each asks with what the store had seen before, and notes what it  *)
(* found. If the store has seen more in the meantime, the thread asks the  *)
(* file again, for both.                                                   *)
(*                                                                         *)
(* A position is a place and a name that one store hands to another. It is *)
(* accepted if the file has that commit.                                   *)
(*                                                                         *)
(* What is true: all that one store ever shows belongs to one history. A   *)
(* store whose file lost nothing is not refused. An accepted position      *)
(* belongs to the history of the file.                                     *)
(*                                                                         *)
(* The actions in the code (package dev.fencepost.internal):               *)
(*   Ask       read.HighWaterMark, which asks the file with what was seen  *)
(*   Commit    commit.GroupCommitter, in the write transaction             *)
(*   Show      read.HighWaterMark, which notes what was found or made; the *)
(*             caller gets its answer                                      *)
(*   Refuse    read.HighWaterMark, with the reason that history went back  *)
(*   Use       read.Positions                                              *)
(* Hidden: Edit, Copy and Restore, which other programs do.                *)
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
    copy,       \* what a copy of the file holds
    made,       \* how many commits were ever made, in all histories
    restores,   \* how often the copy was restored into the file
    seen,       \* per store, the newest commit that it has seen
    asked,      \* per store and thread, what it asked with, and the answer; or None
    shown,      \* per store, all histories that it has shown
    misled      \* whether a position was accepted in a file that does not have its history

vars == <<file, copy, made, restores, seen, asked, shown, misled>>

(***************************************************************************)
(* What the state says                                                     *)
(***************************************************************************)
NameAt(log, at) == IF at = 0 THEN 0 ELSE log[at].name
Newest(log) == [at |-> Len(log), name |-> NameAt(log, Len(log))]
Has(log, commit) == commit.at <= Len(log) /\ NameAt(log, commit.at) = commit.name
IsPrefix(one, other) == Len(one) <= Len(other) /\ SubSeq(other, 1, Len(one)) = one
Later(one, other) == IF other.at > one.at THEN other ELSE one

(***************************************************************************)
(* The rules                                                               *)
(***************************************************************************)

\* A read is answered if the file has the commit that the store had seen.
ReadGuard(before, log) == Has(log, before)

\* A commit is made if the file has the commit that the store had seen.
WriteGuard(s) == Has(file, seen[s])

\* An answer counts if the store has seen nothing else in the meantime, or the file has both.
NoteGuard(s, before, newest) ==
    \/ seen[s] = before
    \/ seen[s] = newest
    \/ Has(file, seen[s]) /\ Has(file, newest)

\* A position is accepted if the file has its commit.
PositionGuard(position) == Has(file, position)

(***************************************************************************)
(* The effects                                                             *)
(***************************************************************************)

\* No two commits have the same name.
NewName == made + 1

\* What a commit is, is not in the file: only its name is.
NewCommit == [name |-> NewName, commit |-> made + 1]

(***************************************************************************)
(* The actions                                                             *)
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
(* What other programs do                                                  *)
(***************************************************************************)
\* At a SQL prompt, which has seen nothing.
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
(* The whole                                                               *)
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
(* Laws                                                                    *)
(***************************************************************************)
TypeOK ==
    /\ made \in 0..MaxCommits /\ restores \in 0..MaxRestores
    /\ Len(file) <= made /\ Len(copy) <= made
    /\ misled \in BOOLEAN

\* All that one store shows belongs to one history.
OneHistory ==
    \A s \in Stores : \A one, other \in shown[s] : IsPrefix(one, other) \/ IsPrefix(other, one)

\* A store whose file lost nothing goes on.
IntactFileServed ==
    restores = 0 => \A s \in Stores :
        /\ Has(file, seen[s])
        /\ \A t \in Threads : asked[s][t] # None =>
               NoteGuard(s, asked[s][t].before, Newest(asked[s][t].answer))

\* An accepted position belongs to the history of the file.
NoLostPositionAccepted == ~misled

=============================================================================
