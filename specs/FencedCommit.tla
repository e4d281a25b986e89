---------------------------- MODULE FencedCommit ----------------------------
(***************************************************************************)
(* The commit protocol: versions, claims, epochs, and what an agent may    *)
(* still do with what it saw long ago.                                     *)
(*                                                                         *)
(* Every change is judged and applied inside one write transaction of the  *)
(* file, so each action below is atomic. What is not atomic is all that an *)
(* agent did before it: reading, thinking, stalling. An agent's memory is  *)
(* therefore not a variable. An agent may act at any time on any claim     *)
(* that it was ever granted, and expect any version that there ever was.   *)
(* This covers every zombie: one that acts after its lease ran out, after  *)
(* others claimed, and after it has itself claimed again.                  *)
(*                                                                         *)
(* There is no clock. A lease may run out at any moment, which alone ends  *)
(* nothing; it only allows others to reclaim.                              *)
(*                                                                         *)
(* The actions in the code (package dev.fencepost.internal):               *)
(*   Commit   commit.CommitQueue.submit of a commit.CommitValidator: a     *)
(*            member of a batch                                            *)
(*   Claim    claim.ClaimAttempt, which reclaims on its way                *)
(*   Renew    claim.Claims.renew                                           *)
(*   Release  claim.Claims.release                                         *)
(*   Revoke   claim.Claims.revoke                                          *)
(* The FenceGuard is commit.FencingCheck, the ReclaimGuard                 *)
(* process.LivenessChecker. Hidden, for no code does them: RunOut (a lease *)
(* ends), Die (a process).                                                 *)
(*                                                                         *)
(* An operator whose name ends in Guard is a rule of the protocol. Each    *)
(* has at least one mutant in the folder 'mutants', which takes it away    *)
(* and turns a property red.                                               *)
(***************************************************************************)
EXTENDS Naturals, Sequences, TLC

CONSTANTS
    Agents,      \* those who write; one is one holder, a name in a process
    Keys,
    Deletable,   \* bound: the keys that may be deleted
    MaxVersion,  \* bound: versions that a key may have
    MaxClaims,   \* bound: claims that are ever granted
    Anything          \* a write that expects nothing of the present version

VARIABLES
    history,     \* per key, its versions in their order
    epoch,       \* per key, its epoch
    claimed,     \* per key, the open claim on it, or NoClaim
    grants,      \* all claims ever granted, in the order of their grants
    living,      \* the agents whose process lives
    said         \* the last answer; nothing depends on it, and the VIEW leaves it out

store == <<history, epoch, claimed, grants>>
view == <<history, epoch, claimed, grants, living>>
vars == <<history, epoch, claimed, grants, living, said>>

NoClaim == 0
Claims == DOMAIN grants

(***************************************************************************)
(* What the state says                                                     *)
(***************************************************************************)
LastVersion(k) == IF history[k] = <<>> THEN 0 ELSE history[k][Len(history[k])].version
Present(k) == history[k] # <<>> /\ ~history[k][Len(history[k])].deleted

Open(c) == grants[c].state \in {"running", "past"}
KeysOf(c) == DOMAIN grants[c].epochs
GrantedTo(a) == {c \in Claims : grants[c].holder = a}

Answer(did, under, wanted, verdict) ==
    [did |-> did, under |-> under, wanted |-> wanted, verdict |-> verdict]

(***************************************************************************)
(* The rules                                                               *)
(***************************************************************************)

\* A claim is good while it is open and every key of it still has the epoch that it was granted.
FenceGuard(c) == Open(c) /\ \A k \in KeysOf(c) : epoch[k] = grants[c].epochs[k]

\* What a write expects must be so now. Zero is 'absent': never there, or deleted. A version expected
\* of an absent key is refused, though the tombstone bears that very version.
VersionGuard(k, expects) ==
    \/ expects = Anything
    \/ expects = 0 /\ ~Present(k)
    \/ expects # 0 /\ Present(k) /\ LastVersion(k) = expects

\* A claim may be ended unasked only when its lease is past or its holder's process is gone.
ReclaimGuard(c) == grants[c].state = "past" \/ grants[c].holder \notin living

\* A claimed key is written under its claim, or after that claim was reclaimed.
ClaimGuard(k, under) == claimed[k] \in under \cup {NoClaim} \/ ReclaimGuard(claimed[k])

\* A key can be granted when nobody has it, or when its claim can be reclaimed.
FreeGuard(k) == claimed[k] = NoClaim \/ ReclaimGuard(claimed[k])

\* A commit is applied with all its writes, a claim granted with all its keys, or not at all.
WholeCommitGuard(wanted, fit) == fit = wanted
WholeClaimGuard(wanted, fit) == fit = wanted

\* Reclaiming is part of what the commit or the grant does: when that is refused, nothing is reclaimed.
RefusalGuard(verdict) == verdict = "applied"

(***************************************************************************)
(* The effects                                                             *)
(***************************************************************************)

\* Deleting takes a version too, so that a key created again goes on counting.
NextVersion(k) == LastVersion(k) + 1

\* An epoch grows with every change of ownership and stays on everything else.
EpochAfter(event, before) ==
    IF event \in {"granted", "reclaimed", "revoked"} THEN before + 1 ELSE before

\* What has to be reclaimed, so that the keys can be written or granted.
ToReclaim(ks, under) == {c \in {claimed[k] : k \in ks} \ (under \cup {NoClaim}) : ReclaimGuard(c)}

\* A claim ends as a whole, with all its keys.
KeysOfAll(cs) == UNION {KeysOf(c) : c \in cs}
EpochEnding(cs, how) == [k \in Keys |-> IF k \in KeysOfAll(cs) THEN EpochAfter(how, epoch[k]) ELSE epoch[k]]
ClaimedEnding(cs) == [k \in Keys |-> IF k \in KeysOfAll(cs) THEN NoClaim ELSE claimed[k]]
GrantsEnding(cs, how) == [c \in Claims |-> IF c \in cs THEN [grants[c] EXCEPT !.state = how] ELSE grants[c]]

(***************************************************************************)
(* Commit: 'writes' maps each key to what is written and what it expects;  *)
(* 'under' are the claims under which it is made.                          *)
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

\* Renewing moves the lease and nothing else. It also saves a claim whose lease is past, while nobody reclaimed it.
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

\* An operator's explicit act.
Revoke(k) == claimed[k] # NoClaim /\ End(claimed[k], "revoke", "revoked", "applied")

(***************************************************************************)
(* What happens to an agent without its doing                              *)
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
(* The whole                                                               *)
(***************************************************************************)
Expectations(k) == {Anything} \cup 0 .. LastVersion(k)

\* What would be refused needs no room. A deletion of what is absent is left out: there is nothing to take
\* a version for.
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
(* The laws, as what must hold in every state ...                          *)
(***************************************************************************)
TypeOK ==
    /\ \A k \in Keys : epoch[k] \in Nat /\ claimed[k] \in Claims \cup {NoClaim}
    /\ \A c \in Claims : grants[c].state \in {"running", "past", "released", "reclaimed", "revoked"}

\* Of those who saw the same version, one commits. Of those who saw a key absent, one creates it,
\* and another only after it was deleted again.
OneWinner ==
    \A k \in Keys : \A i, j \in DOMAIN history[k] :
        LET first == history[k][i]
            second == history[k][j]
        IN  i < j /\ first.expected = second.expected /\ first.expected # Anything =>
                first.expected = 0 /\ \E d \in i .. j - 1 : history[k][d].deleted

\* No commit rests on a version that was not there: not on an earlier one, not on a deleted one.
PreconditionsHeld ==
    \A k \in Keys : \A i \in DOMAIN history[k] :
        LET expected == history[k][i].expected
            absent == i = 1 \/ history[k][i - 1].deleted
        IN  expected # Anything => IF absent THEN expected = 0 ELSE expected = history[k][i - 1].version

VersionsStepByOne == \A k \in Keys : \A i \in DOMAIN history[k] : history[k][i].version = i

NoTwoHolders == \A c, d \in Claims : Open(c) /\ Open(d) /\ c # d => KeysOf(c) \cap KeysOf(d) = {}

\* The key's column and the claim's row tell one story.
EachKeyKnowsItsClaim == \A k \in Keys, c \in Claims : claimed[k] = c <=> Open(c) /\ k \in KeysOf(c)

\* An open claim always has the epochs that it was granted; so it can be checked by these alone.
OpenClaimsHaveTheirEpochs == \A c \in Claims : Open(c) => \A k \in KeysOf(c) : epoch[k] = grants[c].epochs[k]

(***************************************************************************)
(* ... and of every step.                                                  *)
(***************************************************************************)
ZombiesAreFenced ==
    [][said'.verdict = "applied" /\ said'.did \in {"commit", "renew", "release"} =>
           \A c \in said'.under : Open(c) /\ \A k \in KeysOf(c) : claimed[k] = c /\ epoch[k] = grants[c].epochs[k]]_vars

EpochsNeverFall == [][\A k \in Keys : epoch'[k] >= epoch[k]]_vars

EpochsMarkEveryChangeOfOwner ==
    [][\A k \in Keys : claimed'[k] # claimed[k] /\ said'.did # "release" => epoch'[k] > epoch[k]]_vars

UnfencedWritesRespectClaims ==
    [][\A k \in Keys : history'[k] # history[k] /\ claimed[k] # NoClaim =>
           claimed[k] \in said'.under \/ grants'[claimed[k]].state = "reclaimed"]_vars

NoPreemption ==
    [][\A c \in Claims : Open(c) /\ grants'[c].state \notin {"running", "past"} =>
           \/ said'.did \in {"release", "revoke"} /\ c \in said'.under
           \/ grants[c].state = "past"
           \/ grants[c].holder \notin living]_vars

AllOrNone ==
    [][said'.verdict = "applied" =>
           /\ said'.did = "commit" => {k \in Keys : history'[k] # history[k]} = said'.wanted
           /\ said'.did = "claim" => {k \in Keys : claimed'[k] = Len(grants')} = said'.wanted]_vars

ARefusalChangesNothing == [][said'.verdict \notin {"applied", "none"} => store' = store]_vars

HistoryOnlyGrows == [][\A k \in Keys : history[k] = SubSeq(history'[k], 1, Len(history[k]))]_vars

=============================================================================
