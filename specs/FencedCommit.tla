---------------------------- MODULE FencedCommit ----------------------------
(***************************************************************************)
(* The commit protocol: versions, preconditions, claims and epochs, and    *)
(* the fencing of agents that act on old knowledge.                        *)
(*                                                                         *)
(* Each change is validated and applied in one write transaction of the    *)
(* file, so each action below is atomic. Before an action, an agent may    *)
(* read, compute and stall. Its memory is not a variable. Instead, an      *)
(* agent may act at any time under any claim that it was ever granted. It  *)
(* may expect any version that ever existed. This covers every zombie: an  *)
(* agent that acts after its lease expired, after others claimed its keys, *)
(* or after it claimed them again.                                         *)
(*                                                                         *)
(* There is no clock. A lease may expire at any moment. Expiry does not    *)
(* end a claim; it only allows others to reclaim it.                       *)
(*                                                                         *)
(* The actions in the code (package dev.fencepost.internal):               *)
(*   Commit   commit.Committer.commit with a commit.CommitValidator, as    *)
(*            one task of a batch                                          *)
(*   Claim    claim.ClaimAttempt, which also reclaims; for a waiting       *)
(*            request, claim.ClaimHandover                                 *)
(*   Renew    claim.HeldClaims.renew                                       *)
(*   Release  claim.HeldClaims.release; claim.DefaultClaim, after Commit   *)
(*            in the same transaction                                      *)
(*   Revoke   claim.Claims.revoke                                          *)
(* FenceGuard is commit.FencingCheck, ReclaimGuard is                      *)
(* process.LivenessChecker. Actions of the environment: RunOut (a lease    *)
(* expires), Die (a process dies).                                         *)
(*                                                                         *)
(* The properties checked:                                                 *)
(*   preconditions  OneWinner, PreconditionsHeld, ConsecutiveVersions,     *)
(*                  AppendOnlyHistory                                      *)
(*   claims         NoTwoHolders, NoPreemption,                            *)
(*                  UnfencedWritesRespectClaims, KeysAndClaimsAgree        *)
(*   fencing        ZombiesAreFenced, MonotonicEpochs,                     *)
(*                  OwnerChangesRaiseEpoch, OpenClaimsKeepEpochs           *)
(*   atomicity      Atomicity, ARefusalChangesNothing                      *)
(*                                                                         *)
(* Left out: values, events and batches; the queue of waiting claim        *)
(* requests (ClaimQueue); durability (EarlyLockRelease); commits whose     *)
(* outcome is unknown (Transactions).                                      *)
(*                                                                         *)
(* An operator whose name ends in Guard is a rule of the protocol. Each    *)
(* rule has at least one mutant in the folder 'mutants', which removes the *)
(* rule and violates a property.                                           *)
(***************************************************************************)
EXTENDS Naturals, Sequences, TLC

CONSTANTS
    Agents,      \* the writers; each is one holder, a name in a process
    Keys,
    Deletable,   \* bound: the keys that may be deleted
    MaxVersion,  \* bound: versions that a key may have
    MaxClaims,   \* bound: claims that are ever granted
    Anything     \* the precondition of a write that accepts any version

VARIABLES
    history,     \* per key, its versions, oldest first
    epoch,       \* per key, its epoch
    claimed,     \* per key, the open claim on it, or NoClaim
    grants,      \* all claims ever granted, in order
    living,      \* the agents whose process is alive
    said         \* the last answer; no action reads it, and the VIEW omits it

store == <<history, epoch, claimed, grants>>
view == <<history, epoch, claimed, grants, living>>
vars == <<history, epoch, claimed, grants, living, said>>

NoClaim == 0
Claims == DOMAIN grants

(***************************************************************************)
(* Derived state                                                           *)
(***************************************************************************)
LastVersion(k) == IF history[k] = <<>> THEN 0 ELSE history[k][Len(history[k])].version
Present(k) == history[k] # <<>> /\ ~history[k][Len(history[k])].deleted

Open(c) == grants[c].state \in {"running", "past"}
KeysOf(c) == DOMAIN grants[c].epochs
GrantedTo(a) == {c \in Claims : grants[c].holder = a}

Answer(did, under, wanted, verdict) ==
    [did |-> did, under |-> under, wanted |-> wanted, verdict |-> verdict]

(***************************************************************************)
(* Rules                                                                   *)
(***************************************************************************)

\* A claim is valid while it is open and each of its keys has the epoch that was granted with it.
FenceGuard(c) == Open(c) /\ \A k \in KeysOf(c) : epoch[k] = grants[c].epochs[k]

\* The precondition of a write must hold now. Zero means absent: never written, or deleted. An expected version
\* never matches an absent key, even if the tombstone has that version.
VersionGuard(k, expects) ==
    \/ expects = Anything
    \/ expects = 0 /\ ~Present(k)
    \/ expects # 0 /\ Present(k) /\ LastVersion(k) = expects

\* A claim may be reclaimed only if its lease has expired or its holder's process has died.
ReclaimGuard(c) == grants[c].state = "past" \/ grants[c].holder \notin living

\* A claimed key is written under its claim, or in the commit that reclaims that claim.
ClaimGuard(k, under) == claimed[k] \in under \cup {NoClaim} \/ ReclaimGuard(claimed[k])

\* A key can be granted if it is unclaimed, or if its claim can be reclaimed.
FreeGuard(k) == claimed[k] = NoClaim \/ ReclaimGuard(claimed[k])

\* A commit is applied with all its writes or refused. A claim is granted with all its keys or refused.
WholeCommitGuard(wanted, fit) == fit = wanted
WholeClaimGuard(wanted, fit) == fit = wanted

\* A commit or grant reclaims in its own transaction: if it is refused, nothing is reclaimed.
RefusalGuard(verdict) == verdict = "applied"

(***************************************************************************)
(* Effects                                                                 *)
(***************************************************************************)

\* A deletion takes a version too, so a key that is created again continues its version numbers.
NextVersion(k) == LastVersion(k) + 1

\* An epoch grows when a claim is granted, reclaimed or revoked, and otherwise stays.
EpochAfter(event, before) ==
    IF event \in {"granted", "reclaimed", "revoked"} THEN before + 1 ELSE before

\* The claims to be reclaimed before the keys can be written or granted.
ToReclaim(ks, under) == {c \in {claimed[k] : k \in ks} \ (under \cup {NoClaim}) : ReclaimGuard(c)}

\* A claim ends for all its keys at once.
KeysOfAll(cs) == UNION {KeysOf(c) : c \in cs}
EpochEnding(cs, how) == [k \in Keys |-> IF k \in KeysOfAll(cs) THEN EpochAfter(how, epoch[k]) ELSE epoch[k]]
ClaimedEnding(cs) == [k \in Keys |-> IF k \in KeysOfAll(cs) THEN NoClaim ELSE claimed[k]]
GrantsEnding(cs, how) == [c \in Claims |-> IF c \in cs THEN [grants[c] EXCEPT !.state = how] ELSE grants[c]]

(***************************************************************************)
(* Commit: 'writes' maps each key to its write and precondition; 'under' is*)
(* the set of claims that fence the commit.                                *)
(***************************************************************************)
Row(k, write) == [version |-> NextVersion(k), deleted |-> write.deleted, expected |-> write.expects]
Recorded(k, write) == Append(history[k], Row(k, write))

Commit(a, under, writes) ==
    LET wanted == DOMAIN writes
        fit == {k \in wanted : VersionGuard(k, writes[k].expects) /\ ClaimGuard(k, under)}
        verdict ==
            IF \E c \in under : ~FenceGuard(c) THEN "fenced"
            ELSE IF WholeCommitGuard(wanted, fit) THEN "applied" ELSE "conflict or claimed"
        written == IF verdict = "applied" THEN fit ELSE {}
        taken == IF RefusalGuard(verdict) THEN ToReclaim(fit, under) ELSE {}
        ended == EpochEnding(taken, "reclaimed")
    IN  /\ history' = [k \in Keys |-> IF k \in written THEN Recorded(k, writes[k]) ELSE history[k]]
        /\ epoch' = [k \in Keys |->
               IF k \in written /\ writes[k].deleted THEN EpochAfter("deleted", ended[k]) ELSE ended[k]]
        /\ claimed' = ClaimedEnding(taken)
        /\ grants' = GrantsEnding(taken, "reclaimed")
        /\ said' = Answer("commit", under, wanted, verdict)
        /\ UNCHANGED living

(***************************************************************************)
(* Claims                                                                  *)
(***************************************************************************)
Claim(a, wanted) ==
    LET fit == {k \in wanted : FreeGuard(k)}
        verdict == IF WholeClaimGuard(wanted, fit) THEN "applied" ELSE "busy"
        taken == IF RefusalGuard(verdict) THEN ToReclaim(fit, {}) ELSE {}
        ended == EpochEnding(taken, "reclaimed")
        granted == IF verdict = "applied" THEN [k \in fit |-> EpochAfter("granted", ended[k])] ELSE <<>>
        grant == [holder |-> a, epochs |-> granted, state |-> "running"]
    IN  /\ epoch' = [k \in Keys |-> IF k \in DOMAIN granted THEN granted[k] ELSE ended[k]]
        /\ claimed' = [k \in Keys |-> IF k \in DOMAIN granted THEN Len(grants) + 1 ELSE ClaimedEnding(taken)[k]]
        /\ grants' = GrantsEnding(taken, "reclaimed") \o (IF verdict = "applied" THEN <<grant>> ELSE <<>>)
        /\ said' = Answer("claim", {}, wanted, verdict)
        /\ UNCHANGED <<history, living>>

\* A renewal changes only the lease. It also revives a claim whose lease has expired, unless it was reclaimed.
Renew(c) ==
    LET verdict == IF FenceGuard(c) THEN "applied" ELSE "fenced"
    IN  /\ grants' = IF verdict = "applied" THEN [grants EXCEPT ![c].state = "running"] ELSE grants
        /\ said' = Answer("renew", {c}, KeysOf(c), verdict)
        /\ UNCHANGED <<history, epoch, claimed, living>>

End(c, did, how, verdict) ==
    LET ended == IF verdict = "applied" THEN {c} ELSE {}
    IN  /\ epoch' = EpochEnding(ended, how)
        /\ claimed' = ClaimedEnding(ended)
        /\ grants' = GrantsEnding(ended, how)
        /\ said' = Answer(did, {c}, KeysOf(c), verdict)
        /\ UNCHANGED <<history, living>>

Release(c) == End(c, "release", "released", IF FenceGuard(c) THEN "applied" ELSE "fenced")

\* Done by an operator.
Revoke(k) == claimed[k] # NoClaim /\ End(claimed[k], "revoke", "revoked", "applied")

(***************************************************************************)
(* Environment                                                             *)
(***************************************************************************)
RunOut(c) ==
    /\ grants[c].state = "running"
    /\ grants' = [grants EXCEPT ![c].state = "past"]
    /\ said' = Answer("run out", {}, {}, "none")
    /\ UNCHANGED <<history, epoch, claimed, living>>

Die(a) ==
    /\ living' = living \ {a}
    /\ said' = Answer("die", {}, {}, "none")
    /\ UNCHANGED store

(***************************************************************************)
(* Specification                                                           *)
(***************************************************************************)
Expectations(k) == {Anything} \cup 0 .. LastVersion(k)

\* The bound does not apply to a write that would be refused. The deletion of an absent key is left out: it makes
\* no version.
WritesTo(k) ==
    {w \in [deleted : {d \in BOOLEAN : d => k \in Deletable /\ Present(k)}, expects : Expectations(k)] :
        Len(history[k]) < MaxVersion \/ ~VersionGuard(k, w.expects)}

WriteSets ==
    UNION {{w \in [ks -> UNION {WritesTo(k) : k \in ks}] : \A k \in ks : w[k] \in WritesTo(k)} :
           ks \in SUBSET Keys \ {{}}}

RoomFor(wanted) == Len(grants) < MaxClaims \/ \E k \in wanted : ~FreeGuard(k)

Init ==
    /\ history = [k \in Keys |-> <<>>]
    /\ epoch = [k \in Keys |-> 0]
    /\ claimed = [k \in Keys |-> NoClaim]
    /\ grants = <<>>
    /\ living = Agents
    /\ said = Answer("open", {}, {}, "none")

Next ==
    \/ \E a \in living, writes \in WriteSets : \E under \in SUBSET GrantedTo(a) : Commit(a, under, writes)
    \/ \E a \in living, wanted \in SUBSET Keys \ {{}} : RoomFor(wanted) /\ Claim(a, wanted)
    \/ \E a \in living : \E c \in GrantedTo(a) : Renew(c)
    \/ \E a \in living : \E c \in GrantedTo(a) : Release(c)
    \/ \E k \in Keys : Revoke(k)
    \/ \E c \in Claims : RunOut(c)
    \/ \E a \in living : Die(a)

Spec == Init /\ [][Next]_vars

Symmetry == Permutations(Agents) \cup Permutations(Keys)

(***************************************************************************)
(* Invariants                                                              *)
(***************************************************************************)
TypeOK ==
    /\ \A k \in Keys : epoch[k] \in Nat /\ claimed[k] \in Claims \cup {NoClaim}
    /\ \A c \in Claims : grants[c].state \in {"running", "past", "released", "reclaimed", "revoked"}

\* Of the commits that expect the same version, one is applied. Of the commits that expect absence, one creates the
\* key; another can do so only after a deletion.
OneWinner ==
    \A k \in Keys : \A i, j \in DOMAIN history[k] :
        LET first == history[k][i]
            second == history[k][j]
        IN  i < j /\ first.expected = second.expected /\ first.expected # Anything =>
                first.expected = 0 /\ \E d \in i .. j - 1 : history[k][d].deleted

\* A commit with a precondition expected the version just before its own, or absence if the key was absent.
PreconditionsHeld ==
    \A k \in Keys : \A i \in DOMAIN history[k] :
        LET expected == history[k][i].expected
            absent == i = 1 \/ history[k][i - 1].deleted
        IN  expected # Anything => IF absent THEN expected = 0 ELSE expected = history[k][i - 1].version

ConsecutiveVersions == \A k \in Keys : \A i \in DOMAIN history[k] : history[k][i].version = i

NoTwoHolders == \A c, d \in Claims : Open(c) /\ Open(d) /\ c # d => KeysOf(c) \cap KeysOf(d) = {}

\* The claim that a key names and the keys that a claim names agree.
KeysAndClaimsAgree == \A k \in Keys, c \in Claims : claimed[k] = c <=> Open(c) /\ k \in KeysOf(c)

\* The keys of an open claim always have the epochs that were granted with it.
OpenClaimsKeepEpochs == \A c \in Claims : Open(c) => \A k \in KeysOf(c) : epoch[k] = grants[c].epochs[k]

(***************************************************************************)
(* Properties of steps                                                     *)
(***************************************************************************)
ZombiesAreFenced ==
    [][said'.verdict = "applied" /\ said'.did \in {"commit", "renew", "release"} =>
           \A c \in said'.under : Open(c) /\ \A k \in KeysOf(c) : claimed[k] = c /\ epoch[k] = grants[c].epochs[k]]_vars

MonotonicEpochs == [][\A k \in Keys : epoch'[k] >= epoch[k]]_vars

OwnerChangesRaiseEpoch ==
    [][\A k \in Keys : claimed'[k] # claimed[k] /\ said'.did # "release" => epoch'[k] > epoch[k]]_vars

UnfencedWritesRespectClaims ==
    [][\A k \in Keys : history'[k] # history[k] /\ claimed[k] # NoClaim =>
           claimed[k] \in said'.under \/ grants'[claimed[k]].state = "reclaimed"]_vars

NoPreemption ==
    [][\A c \in Claims : Open(c) /\ grants'[c].state \notin {"running", "past"} =>
           \/ said'.did \in {"release", "revoke"} /\ c \in said'.under
           \/ grants[c].state = "past"
           \/ grants[c].holder \notin living]_vars

Atomicity ==
    [][said'.verdict = "applied" =>
           /\ said'.did = "commit" => {k \in Keys : history'[k] # history[k]} = said'.wanted
           /\ said'.did = "claim" => {k \in Keys : claimed'[k] = Len(grants')} = said'.wanted]_vars

ARefusalChangesNothing == [][said'.verdict \notin {"applied", "none"} => store' = store]_vars

AppendOnlyHistory == [][\A k \in Keys : history[k] = SubSeq(history'[k], 1, Len(history[k]))]_vars

=============================================================================
