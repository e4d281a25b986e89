------------------------------ MODULE Adoption ------------------------------
(***************************************************************************)
(* Copies of a store file that become stores of their own: by an adoption  *)
(* in place, or by a restore of a backup over another file. Both begin a   *)
(* new history. Agents keep claim tokens, snapshots and epochs of the old  *)
(* history, and may use them at any later time.                            *)
(*                                                                         *)
(* An adoption gives the file a new identity, ends all claims and raises   *)
(* every epoch. A restore adopts a copy of the backup. It also raises the  *)
(* epochs above those of the replaced file. Both keep the former           *)
(* identities of the file; a restore also keeps those of the replaced      *)
(* file. A file records its path. A copy is not opened while the file at   *)
(* the recorded path has, or had, the identity of the copy.                *)
(*                                                                         *)
(* An adoption needs the file for itself: no store has it open. So does a  *)
(* restore, from before it reads the epochs until the new file is in       *)
(* place. If the replaced file is unreadable, its epochs are unknown, and  *)
(* so are the stores that have it open. Such a store finds another file at *)
(* its path and refuses to continue.                                       *)
(*                                                                         *)
(* A token is the identity of the store, the number of the claim and the   *)
(* epoch. FencedCommit specifies the value of a claim within one history;  *)
(* here any agent may take over a claim at any time. There is one claimed  *)
(* key, and one other key, whose writes are based on a snapshot.           *)
(*                                                                         *)
(* The actions in the code (package dev.fencepost.internal):               *)
(*   Open           sqlite.StoreOpener; CopyGuard is sqlite.StorePlace     *)
(*   Claim, Commit  commit.FencingCheck in the write transaction;          *)
(*                  PlaceGuard is sqlite.PathCheck                         *)
(*   Look, Write    commit.SnapshotReadSet                                 *)
(*   Adopt          sqlite.Adoption                                        *)
(*   Begin, Finish  sqlite.Restore; LockGuard is sqlite.LockedFile         *)
(*   GiveUp         sqlite.Restore, if it fails or its process dies        *)
(* Close is also the death of a process. Copy and Backup may be done by    *)
(* any program.                                                            *)
(*                                                                         *)
(* The properties checked:                                                 *)
(*   lost history  NoLostTokenAccepted, NoLostBasisAccepted,               *)
(*                 NoLostClaimHeld                                         *)
(*   identity      OneFilePerIdentity, StoreIdentityMatchesFile,           *)
(*                 WritesReachFileInPlace                                  *)
(*   epochs        EpochsIncreasePerIdentity, EpochsIncreasePerPlace       *)
(* Epochs grow at a path as long as every replaced file is readable. So an *)
(* external service that keeps the greatest epoch refuses old tokens       *)
(* across restores.                                                        *)
(*                                                                         *)
(* Left out: the random value in a token, since the rules hold without it; *)
(* the values that commits write; files that other programs move or        *)
(* overwrite.                                                              *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets, TLC

CONSTANTS
    Stores,         \* each has at most one file open
    Places,         \* the paths, 1 .. n; the first file is at 1
    Readable,       \* whether the replaced file of a restore may be readable: a set of booleans
    MaxClaims,      \* bound: claims that are ever granted, in all files
    MaxWrites,      \* bound: versions of the other key, in all files
    MaxAdoptions,   \* bound: adoptions and restores
    None

VARIABLES
    files,      \* all files that were ever at a path
    at,         \* per path, the file at it, or 0
    backup,     \* the newest backup
    opened,     \* per store, its open file, the path, and the identity that it read when it opened the file
    restoring,  \* per path, the file that a restore is about to put there
    tokens,     \* all tokens that were ever granted
    bases,      \* all snapshots that were ever opened
    made,       \* the number of identities, claims, writes and adoptions so far
    given,      \* per identity and per path, the greatest epoch that was granted
    said        \* the last action

vars == <<files, at, backup, opened, restoring, tokens, bases, made, given, said>>
unsaid == <<files, at, backup, opened, restoring, tokens, bases, made, given>>

(***************************************************************************)
(* Derived state                                                           *)
(***************************************************************************)
Max(a, b) == IF a > b THEN a ELSE b
IsOpen(s) == opened[s] # None
FileOf(s) == files[opened[s].file]
InPlace(s) == at[opened[s].place] = opened[s].file
Users(p) == {s \in Stores : IsOpen(s) /\ opened[s].file = at[p]}

\* A file without a path or a store is gone. Only the properties of steps read the last action, so the view omits it.
IsThere(f) == (\E p \in Places : at[p] = f) \/ \E s \in Stores : IsOpen(s) /\ opened[s].file = f
Kept == [f \in DOMAIN files |-> IF IsThere(f) THEN files[f] ELSE None]
view == <<Kept, at, backup, opened, restoring, tokens, bases, made, given>>

Ended(claims) == [c \in DOMAIN claims |-> [claims[c] EXCEPT !.open = FALSE]]
Holding(f) == \E c \in DOMAIN f.claims : f.claims[c].open

\* The claim of a token is valid, as FenceGuard in FencedCommit defines it.
IsHeld(f, token) ==
    /\ token.claim \in DOMAIN f.claims
    /\ f.claims[token.claim].open
    /\ f.epoch = token.epoch

(***************************************************************************)
(* Rules                                                                   *)
(***************************************************************************)

\* A file is opened at another path than the recorded one only if the file there never had its identity.
CopyGuard(p) ==
    LET f == files[at[p]]
        there == at[f.home]
    IN  f.home = p \/ there = 0 \/ (files[there].id # f.id /\ f.id \notin files[there].former)

\* No store has the file open when it is adopted, or replaced by a restore that can read it.
AloneGuard(what, p) == Users(p) = {}

\* The restore holds the lock of the file that it replaces until the new file is in place.
LockGuard(p) == restoring[p] # None => ~restoring[p].readable

\* A store continues only while the file that it opened is at its path.
PlaceGuard(s) == InPlace(s)

\* A token or snapshot has the identity of the store.
TokenGuard(s, token) == token.id = opened[s].id
BasisGuard(s, basis) == basis.id = opened[s].id

(***************************************************************************)
(* Effects                                                                 *)
(***************************************************************************)
NewIdentity(f) == made.ids + 1

\* Above the epochs of the adopted file and of the replaced file, if that was readable.
EpochAfter(before, replaced) == Max(before, replaced) + 1

ClaimsAfter(claims) == Ended(claims)

FormerAfter(f, replaced) == f.former \cup {f.id} \cup replaced

\* 'births' is the set of claims that were granted under the file's identity.
Adopted(f, p, replacedEpoch, replacedIds) ==
    [f EXCEPT !.id = NewIdentity(f),
              !.former = FormerAfter(f, replacedIds),
              !.home = p,
              !.epoch = EpochAfter(f.epoch, replacedEpoch),
              !.claims = ClaimsAfter(f.claims),
              !.births = {}]

Counted == [made EXCEPT !.ids = @ + 1, !.adoptions = @ + 1]

Saying(did, s, more) == [did |-> did, store |-> s, more |-> more]

(***************************************************************************)
(* Stores                                                                  *)
(***************************************************************************)
Open(s, p) ==
    /\ ~IsOpen(s) /\ at[p] # 0 /\ LockGuard(p)
    /\ CopyGuard(p)
    /\ opened' = [opened EXCEPT ![s] = [file |-> at[p], place |-> p, id |-> files[at[p]].id]]
    /\ files' = [files EXCEPT ![at[p]].home = p]
    /\ said' = Saying("open", s, None)
    /\ UNCHANGED <<at, backup, restoring, tokens, bases, made, given>>

Close(s) ==
    /\ IsOpen(s)
    /\ opened' = [opened EXCEPT ![s] = None]
    /\ said' = Saying("close", s, None)
    /\ UNCHANGED <<files, at, backup, restoring, tokens, bases, made, given>>

\* A held claim is taken over, which raises the epoch once more.
Claim(s) ==
    /\ IsOpen(s) /\ PlaceGuard(s)
    /\ made.claims < MaxClaims
    /\ LET f == FileOf(s)
           epoch == f.epoch + (IF Holding(f) THEN 2 ELSE 1)
           birth == made.claims + 1
           token == [id |-> opened[s].id, claim |-> Len(f.claims) + 1, epoch |-> epoch, birth |-> birth]
       IN  /\ files' = [files EXCEPT ![opened[s].file].epoch = epoch,
                                     ![opened[s].file].claims = Append(Ended(@), [open |-> TRUE, birth |-> birth]),
                                     ![opened[s].file].births = @ \cup {birth}]
           /\ tokens' = tokens \cup {token}
           /\ made' = [made EXCEPT !.claims = birth]
           /\ given' = [given EXCEPT !.id[token.id] = Max(@, epoch), !.place[opened[s].place] = Max(@, epoch)]
           /\ said' = Saying("claim", s, token)
    /\ UNCHANGED <<at, backup, opened, restoring, bases>>

\* Under any token that was ever granted.
Commit(s, token) ==
    /\ IsOpen(s) /\ PlaceGuard(s)
    /\ TokenGuard(s, token) /\ IsHeld(FileOf(s), token)
    /\ said' = Saying("commit", s, token)
    /\ UNCHANGED unsaid

Look(s) ==
    /\ IsOpen(s) /\ PlaceGuard(s)
    /\ MaxWrites > 0
    /\ bases' = bases \cup {[id |-> opened[s].id, log |-> FileOf(s).log]}
    /\ said' = Saying("look", s, None)
    /\ UNCHANGED <<files, at, backup, opened, restoring, tokens, made, given>>

\* Based on any snapshot, if the key still has the version of that snapshot. Beyond the bound, nothing is written.
Write(s, basis) ==
    /\ IsOpen(s) /\ PlaceGuard(s)
    /\ BasisGuard(s, basis) /\ Len(basis.log) = Len(FileOf(s).log)
    /\ IF made.writes < MaxWrites
       THEN /\ files' = [files EXCEPT ![opened[s].file].log = Append(@, made.writes + 1)]
            /\ made' = [made EXCEPT !.writes = @ + 1]
       ELSE UNCHANGED <<files, made>>
    /\ said' = Saying("write", s, basis)
    /\ UNCHANGED <<at, backup, opened, restoring, tokens, bases, given>>

(***************************************************************************)
(* Copies, backups and restores                                            *)
(***************************************************************************)
Copy(p, q) ==
    /\ at[p] # 0 /\ at[q] = 0
    /\ files' = Append(files, files[at[p]])
    /\ at' = [at EXCEPT ![q] = Len(files) + 1]
    /\ said' = Saying("copy", None, None)
    /\ UNCHANGED <<backup, opened, restoring, tokens, bases, made, given>>

Backup(p) ==
    /\ at[p] # 0
    /\ backup' = files[at[p]]
    /\ said' = Saying("back up", None, None)
    /\ UNCHANGED <<files, at, opened, restoring, tokens, bases, made, given>>

Adopt(p) ==
    /\ made.adoptions < MaxAdoptions
    /\ at[p] # 0 /\ restoring[p] = None
    /\ AloneGuard("adopt", p)
    /\ files' = [files EXCEPT ![at[p]] = Adopted(files[at[p]], p, 0, {})]
    /\ made' = Counted
    /\ said' = Saying("adopt", None, None)
    /\ UNCHANGED <<at, backup, opened, restoring, tokens, bases, given>>

Begin(p, readable) ==
    /\ made.adoptions < MaxAdoptions
    /\ backup # None /\ restoring[p] = None
    /\ readable => at[p] # 0 /\ AloneGuard("restore", p)
    /\ LET replaced == files[at[p]]
           new == IF readable THEN Adopted(backup, p, replaced.epoch, replaced.former \cup {replaced.id})
                  ELSE Adopted(backup, p, 0, {})
       IN  restoring' = [restoring EXCEPT ![p] = [readable |-> readable, file |-> new]]
    /\ made' = Counted
    /\ said' = Saying("begin", None, None)
    /\ UNCHANGED <<files, at, backup, opened, tokens, bases, given>>

Finish(p) ==
    /\ restoring[p] # None
    /\ files' = Append(files, restoring[p].file)
    /\ at' = [at EXCEPT ![p] = Len(files) + 1]
    \* No epoch is guaranteed at a path if the replaced file was unreadable.
    /\ given' = IF restoring[p].readable THEN given ELSE [given EXCEPT !.place[p] = 0]
    /\ restoring' = [restoring EXCEPT ![p] = None]
    /\ said' = Saying("finish", None, None)
    /\ UNCHANGED <<backup, opened, tokens, bases, made>>

\* The temporary file of the restore is not at any path.
GiveUp(p) ==
    /\ restoring[p] # None
    /\ restoring' = [restoring EXCEPT ![p] = None]
    /\ said' = Saying("give up", None, None)
    /\ UNCHANGED <<files, at, backup, opened, tokens, bases, made, given>>

(***************************************************************************)
(* Specification                                                           *)
(***************************************************************************)
Init ==
    /\ files = <<[id |-> 1, former |-> {}, home |-> 1, epoch |-> 0, claims |-> <<>>, births |-> {}, log |-> <<>>]>>
    /\ at = [p \in Places |-> IF p = 1 THEN 1 ELSE 0]
    /\ backup = None
    /\ opened = [s \in Stores |-> None]
    /\ restoring = [p \in Places |-> None]
    /\ tokens = {} /\ bases = {}
    /\ made = [ids |-> 1, claims |-> 0, writes |-> 0, adoptions |-> 0]
    /\ given = [id |-> [i \in 1 .. MaxAdoptions + 1 |-> 0], place |-> [p \in Places |-> 0]]
    /\ said = Saying("make", None, None)

Next ==
    \/ \E s \in Stores, p \in Places : Open(s, p)
    \/ \E s \in Stores : Close(s)
    \/ \E s \in Stores : Claim(s)
    \/ \E s \in Stores : \E token \in tokens : Commit(s, token)
    \/ \E s \in Stores : Look(s)
    \/ \E s \in Stores : \E basis \in bases : Write(s, basis)
    \/ \E p, q \in Places : Copy(p, q)
    \/ \E p \in Places : Backup(p)
    \/ \E p \in Places : Adopt(p)
    \/ \E p \in Places, readable \in Readable : Begin(p, readable)
    \/ \E p \in Places : Finish(p)
    \/ \E p \in Places : GiveUp(p)

Safety == Init /\ [][Next]_vars

Symmetry == Permutations(Stores)

(***************************************************************************)
(* Invariants                                                              *)
(***************************************************************************)
TypeOK ==
    /\ \A p \in Places : at[p] \in 0 .. Len(files)
    /\ made.ids \in 1 .. MaxAdoptions + 1 /\ made.claims \in 0 .. MaxClaims /\ made.writes \in 0 .. MaxWrites
    /\ \A s \in Stores : IsOpen(s) => opened[s].file \in DOMAIN files /\ opened[s].place \in Places

\* A held claim was granted under the identity of its file.
NoLostClaimHeld ==
    \A f \in DOMAIN files : \A c \in DOMAIN files[f].claims :
        files[f].claims[c].open => files[f].claims[c].birth \in files[f].births

\* Two served files have different identities, and a store knows the identity of its file.
OneFilePerIdentity ==
    \A s, t \in Stores :
        IsOpen(s) /\ IsOpen(t) /\ InPlace(s) /\ InPlace(t) /\ opened[s].file # opened[t].file =>
            opened[s].id # opened[t].id
StoreIdentityMatchesFile == \A s \in Stores : IsOpen(s) => opened[s].id = FileOf(s).id

(***************************************************************************)
(* Properties of steps                                                     *)
(***************************************************************************)
IsNow(did) == said' # said /\ said'.did = did

\* A commit uses only claims that were granted in its own history. A write is based only on that history.
NoLostTokenAccepted == [][IsNow("commit") => said'.more.birth \in FileOf(said'.store).births]_vars
NoLostBasisAccepted == [][IsNow("write") => said'.more.log = FileOf(said'.store).log]_vars

\* An acknowledged change is in the file at the path.
WritesReachFileInPlace ==
    [][\A did \in {"claim", "commit", "write"} : IsNow(did) => InPlace(said'.store)]_vars

EpochsIncreasePerIdentity == [][IsNow("claim") => said'.more.epoch > given.id[said'.more.id]]_vars
EpochsIncreasePerPlace == [][IsNow("claim") => said'.more.epoch > given.place[opened[said'.store].place]]_vars

=============================================================================
