------------------------------ MODULE Adoption ------------------------------
(***************************************************************************)
(* Copies of a file that become stores of their own, by an adoption in     *)
(* place or by a restore into the place of another file. Both begin a new  *)
(* history. Claim tokens, snapshots and epochs of the history before       *)
(* remain with agents, and may be used at any time after.                  *)
(*                                                                         *)
(* An adoption gives the file a new identity, ends all claims, and raises  *)
(* every epoch. A restore adopts a copy of the backup, and raises its      *)
(* epochs above those of the replaced file too. Both keep the identities   *)
(* that the file had, and a restore also those of the replaced file. A     *)
(* file notes its place. A copy is not opened while the file in the noted  *)
(* place has its identity, or had it.                                      *)
(*                                                                         *)
(* An adoption, and a restore from before it reads the epochs until after  *)
(* it puts the new file in place, have the file to themselves: no other    *)
(* store has it open. If the replaced file cannot be read, its epochs are  *)
(* not known, nor which stores have it open. Such a store finds that its   *)
(* place has another file, and refuses to go on.                           *)
(*                                                                         *)
(* What is true: nothing that was granted or read in a lost history counts *)
(* in another. Two files that are served have two identities. Epochs grow  *)
(* within an identity, and at a place as long as every replaced file could *)
(* be read: so a service outside that keeps the greatest epoch refuses old *)
(* ones across restores.                                                   *)
(*                                                                         *)
(* There is one claimed key, and one other that is written on the basis of *)
(* a snapshot. The worth of a claim within one history is in FencedCommit; *)
(* here any agent may take over a claim at any time. A token is the        *)
(* identity of the store, the number of the claim and the epoch. The       *)
(* random word that it also has is left out: the rules do without it.      *)
(*                                                                         *)
(* The actions in the code (package dev.fencepost.internal):               *)
(*   Open           sql.StoreOpener, sql.StorePlace                        *)
(*   Claim, Commit  commit.FencingCheck, in the write transaction          *)
(*   Look, Write    commit.SnapshotReadSet                                 *)
(*   Adopt          sql.Adoption                                           *)
(*   Begin, Finish  sql.Restore; GiveUp is its failure or its death        *)
(* Hidden: Close (also the death of a process), Copy, and Backup by        *)
(* any program.                                                            *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets, TLC

CONSTANTS
    Stores,         \* open at most one file each, at a time
    Places,         \* 1 .. n; the first file is at 1
    Readable,       \* what the replaced file of a restore may be: TRUE if it can be read
    MaxClaims,      \* bound: claims that are ever granted, in all files
    MaxWrites,      \* bound: versions of the other key, in all files
    MaxAdoptions,   \* bound: adoptions and restores
    None

VARIABLES
    files,      \* all files that ever were in a place
    at,         \* per place, the file that it has, or 0
    backup,     \* what a backup holds
    opened,     \* per store, the file that it has open, its place, and the identity that it read when it opened
    restoring,  \* per place, the file that is about to be put there
    tokens,     \* all tokens that were ever given
    bases,      \* all snapshots that were ever opened
    made,       \* how many identities, claims and adoptions there were
    given,      \* per identity and per place, the greatest epoch that was granted
    said        \* what was done last

vars == <<files, at, backup, opened, restoring, tokens, bases, made, given, said>>
unsaid == <<files, at, backup, opened, restoring, tokens, bases, made, given>>

(***************************************************************************)
(* What the state says                                                     *)
(***************************************************************************)
Max(a, b) == IF a > b THEN a ELSE b
IsOpen(s) == opened[s] # None
FileOf(s) == files[opened[s].file]
InPlace(s) == at[opened[s].place] = opened[s].file
Users(p) == {s \in Stores : IsOpen(s) /\ opened[s].file = at[p]}

\* A file without a place or a store is gone. What was done last tells states apart for the laws alone.
IsThere(f) == (\E p \in Places : at[p] = f) \/ \E s \in Stores : IsOpen(s) /\ opened[s].file = f
Kept == [f \in DOMAIN files |-> IF IsThere(f) THEN files[f] ELSE None]
view == <<Kept, at, backup, opened, restoring, tokens, bases, made, given>>

Ended(claims) == [c \in DOMAIN claims |-> [claims[c] EXCEPT !.open = FALSE]]
Holding(f) == \E c \in DOMAIN f.claims : f.claims[c].open

\* What FencedCommit calls a good claim.
IsHeld(f, token) ==
    /\ token.claim \in DOMAIN f.claims
    /\ f.claims[token.claim].open
    /\ f.epoch = token.epoch

(***************************************************************************)
(* The rules                                                               *)
(***************************************************************************)

\* A file is not opened at another place than it notes while the file there has its identity, or had it.
CopyGuard(p) ==
    LET f == files[at[p]]
        there == at[f.home]
    IN  f.home = p \/ there = 0 \/ (files[there].id # f.id /\ f.id \notin files[there].former)

\* No store has a file open that is adopted, or replaced by a restore that can read it.
AloneGuard(what, p) == Users(p) = {}

\* From then on the restore keeps the lock of the file that it replaces, until the new file is in place.
LockGuard(p) == restoring[p] # None => ~restoring[p].readable

\* A store goes on while its place has the file that it opened.
PlaceGuard(s) == InPlace(s)

\* A token is one of the store, and so is a snapshot.
TokenGuard(s, token) == token.id = opened[s].id
BasisGuard(s, basis) == basis.id = opened[s].id

(***************************************************************************)
(* The effects                                                             *)
(***************************************************************************)
NewIdentity(f) == made.ids + 1

\* The epochs of the adopted file and of the replaced one, if that could be read.
EpochAfter(before, replaced) == Max(before, replaced) + 1

ClaimsAfter(claims) == Ended(claims)

FormerAfter(f, replaced) == f.former \cup {f.id} \cup replaced

\* 'births' are the claims that were granted under the file's identity.
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
(* What stores do                                                          *)
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

\* A claim that is held is taken over, which raises the epoch once more.
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

\* Under any token that was ever given. What it writes is left out.
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

\* On the basis of any snapshot, if the key still has the version of then. Beyond the bound, it is only judged.
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
    \* Nothing is promised of the epochs at a place where they could not be read.
    /\ given' = IF restoring[p].readable THEN given ELSE [given EXCEPT !.place[p] = 0]
    /\ restoring' = [restoring EXCEPT ![p] = None]
    /\ said' = Saying("finish", None, None)
    /\ UNCHANGED <<backup, opened, tokens, bases, made>>

\* What it made beside the file is no file of any place.
GiveUp(p) ==
    /\ restoring[p] # None
    /\ restoring' = [restoring EXCEPT ![p] = None]
    /\ said' = Saying("give up", None, None)
    /\ UNCHANGED <<files, at, backup, opened, tokens, bases, made, given>>

(***************************************************************************)
(* The whole                                                               *)
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
(* The laws, as what must hold in every state ...                          *)
(***************************************************************************)
TypeOK ==
    /\ \A p \in Places : at[p] \in 0 .. Len(files)
    /\ made.ids \in 1 .. MaxAdoptions + 1 /\ made.claims \in 0 .. MaxClaims /\ made.writes \in 0 .. MaxWrites
    /\ \A s \in Stores : IsOpen(s) => opened[s].file \in DOMAIN files /\ opened[s].place \in Places

\* A claim that is held was granted under the identity of its file.
NoLostClaimHeld ==
    \A f \in DOMAIN files : \A c \in DOMAIN files[f].claims :
        files[f].claims[c].open => files[f].claims[c].birth \in files[f].births

\* Two files that are served have two identities, and a store knows that of its file.
OneFilePerIdentity ==
    \A s, t \in Stores :
        IsOpen(s) /\ IsOpen(t) /\ InPlace(s) /\ InPlace(t) /\ opened[s].file # opened[t].file =>
            opened[s].id # opened[t].id
StoresKnowTheirIdentity == \A s \in Stores : IsOpen(s) => opened[s].id = FileOf(s).id

(***************************************************************************)
(* ... and of every step.                                                  *)
(***************************************************************************)
IsNow(did) == said' # said /\ said'.did = did

\* A commit is made under claims that were granted in its history, and on the basis of that history.
NoLostTokenLands == [][IsNow("commit") => said'.more.birth \in FileOf(said'.store).births]_vars
NoLostBasisCounts == [][IsNow("write") => said'.more.log = FileOf(said'.store).log]_vars

\* What is acknowledged is in the file that has the place.
NothingGoesElsewhere ==
    [][\A did \in {"claim", "commit", "write"} : IsNow(did) => InPlace(said'.store)]_vars

EpochsGrowInAnIdentity == [][IsNow("claim") => said'.more.epoch > given.id[said'.more.id]]_vars
EpochsGrowAtAPlace == [][IsNow("claim") => said'.more.epoch > given.place[opened[said'.store].place]]_vars

=============================================================================
