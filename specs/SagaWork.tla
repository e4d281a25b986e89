------------------------------ MODULE SagaWork ------------------------------
(***************************************************************************)
(* A step of a saga that is done by another agent: the work is offered to  *)
(* a role, taken by one who has the role, done outside, and reported.      *)
(*                                                                         *)
(* Whoever takes the work is granted a claim on it, in the same commit,    *)
(* and reports under that claim. The claims on one work are numbered, as   *)
(* those on a saga are in the module Sagas; the latest is the present one. *)
(* A worker that dies or stalls loses its claim to the coordinator. It is  *)
(* a zombie from then on: it may still do the work, but its report is      *)
(* refused.                                                                *)
(*                                                                         *)
(* To offer is no intent, since nobody does anything yet; to take is the   *)
(* intent. So work that was only offered can be withdrawn, and nothing is  *)
(* in doubt. Work that was taken, and whose worker was lost, is in doubt;  *)
(* what is then done is the step's own choice, as in Sagas: ask somebody,  *)
(* whose 'it did not happen' is final; offer it again, under the same key; *)
(* or leave it to the operator. Work that is taken is not withdrawn, but   *)
(* waited for, and taken back only when its worker is lost.                *)
(*                                                                         *)
(* Whether the work is in doubt depends on the worker's claim alone. That  *)
(* one coordinator takes the saga from another changes nothing for it, and *)
(* is left out: the coordinator is one here, and each of its entries       *)
(* (Settle, Withdraw) is under the saga's claim. Report is under the       *)
(* worker's. Call is what happens outside. Hidden: RunOut and Crash.       *)
(*                                                                         *)
(* What is not promised: that somebody takes the work. Where nobody does,  *)
(* the step waits, until its deadline or somebody who cancels.             *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets, TLC

CONSTANTS
    Workers,
    Choice,     \* in doubt: "ask", "again" or "stop"
    MaxTries,
    MaxClaims   \* bound: the claim of this number is the last to be lost

VARIABLES
    work,       \* "offered", "taken", or what became of it
    by,         \* under which claim the last entry was made
    claims,     \* the claims ever granted, with what each worker has in hand
    maybe,      \* whether an attempt before the latest may have happened
    wanted,     \* whether the coordinator wants it back
    ran         \* how often it was done

vars == <<work, by, claims, maybe, wanted, ran>>

Coordinator == 0
Claims == DOMAIN claims
Latest == Len(claims)
Lives(c) == claims[c].life # "dead"
Over == work \in {"done", "failed", "withdrawn", "unknown"}

(***************************************************************************)
(* The rules                                                               *)
(***************************************************************************)

\* A report is made under the latest claim, while it is open.
FenceGuard(c) == c = Latest /\ claims[c].life \in {"running", "past"}

\* What is offered is taken by one, unless it is to be withdrawn.
OfferGuard == work = "offered" /\ ~wanted

\* Whoever has not taken the work does not do it.
IntentGuard(c) == claims[c].hand = "to do"

\* Work is taken back from a worker that died, or whose lease is past.
LostGuard == claims[Latest].life # "running"

\* What is in doubt is offered again only where the step says so, and not for ever.
AgainGuard == Choice = "again" /\ Len(claims) < MaxTries

\* Only what nobody has taken is withdrawn, and only where nothing is in doubt.
WithdrawGuard == work = "offered"
DoubtGuard == ~maybe

(***************************************************************************)
(* The effects                                                             *)
(***************************************************************************)

\* After the answer of a probe no attempt so far takes effect any more.
AfterAnswer == [c \in Claims |-> IF claims[c].hand = "to do" THEN [claims[c] EXCEPT !.hand = "none"] ELSE claims[c]]

\* A failure does not end the doubt about an attempt before it.
AfterFailure ==
    IF Len(claims) < MaxTries /\ ~wanted THEN {"offered"} ELSE {IF maybe THEN "unknown" ELSE "failed"}
AfterRefusal == {IF maybe THEN "unknown" ELSE "failed"}

Ended(cs) == [cs EXCEPT ![Latest].life = IF @ = "dead" THEN "dead" ELSE "over"]
Hand(c, what) == [claims EXCEPT ![c].hand = what]

(***************************************************************************)
(* The actions                                                             *)
(***************************************************************************)
Take(w) ==
    /\ OfferGuard
    /\ work' = "taken"
    /\ claims' = Append(claims, [who |-> w, life |-> "running", hand |-> "to do"])
    /\ by' = Len(claims')
    /\ UNCHANGED <<maybe, wanted, ran>>

Call(c) ==
    /\ Lives(c)
    /\ IntentGuard(c)
    /\ \/ claims' = Hand(c, "did") /\ ran' = ran + 1
       \/ claims' = Hand(c, "did not") /\ UNCHANGED ran
    /\ UNCHANGED <<work, by, maybe, wanted>>

\* Done, failed, or refused for good. Whoever is fenced learns it now.
Report(c) ==
    /\ Lives(c) /\ claims[c].hand \in {"did", "did not"}
    /\ IF FenceGuard(c)
       THEN /\ work' \in (IF claims[c].hand = "did" THEN {"done"} ELSE AfterFailure \cup AfterRefusal)
            /\ by' = c
            /\ claims' = Ended(Hand(c, "none"))
       ELSE /\ claims' = Hand(c, "none")
            /\ UNCHANGED <<work, by>>
    /\ UNCHANGED <<maybe, wanted, ran>>

\* The coordinator takes the work back from a worker that is lost, and finds out what became of it, if it can.
Settle ==
    /\ work = "taken"
    /\ LostGuard
    /\ \/ /\ AgainGuard
          /\ work' = "offered" /\ maybe' = TRUE
          /\ claims' = Ended(claims)
       \/ /\ Choice = "ask"
          /\ work' \in (IF ran > 0 THEN {"done"} ELSE AfterFailure)
          /\ claims' = Ended(AfterAnswer)
          /\ UNCHANGED maybe
       \/ /\ Choice = "ask" \/ ~AgainGuard
          /\ work' = "unknown"
          /\ claims' = Ended(claims)
          /\ UNCHANGED maybe
    /\ by' = Coordinator
    /\ UNCHANGED <<wanted, ran>>

\* The saga turns back, was cancelled, or is past its deadline.
Want ==
    /\ ~wanted /\ ~Over
    /\ wanted' = TRUE
    /\ UNCHANGED <<work, by, claims, maybe, ran>>

Withdraw ==
    /\ wanted /\ ~Over
    /\ WithdrawGuard
    /\ work' = IF DoubtGuard THEN "withdrawn" ELSE "unknown"
    /\ by' = Coordinator
    /\ UNCHANGED <<claims, maybe, wanted, ran>>

RunOut ==
    /\ work = "taken" /\ Latest < MaxClaims
    /\ claims[Latest].life = "running"
    /\ claims' = [claims EXCEPT ![Latest].life = "past"]
    /\ UNCHANGED <<work, by, maybe, wanted, ran>>

Crash(w) ==
    /\ Latest < MaxClaims
    /\ \E c \in Claims : claims[c].who = w /\ Lives(c)
    /\ claims' = [c \in Claims |->
           IF claims[c].who = w THEN [claims[c] EXCEPT !.life = "dead", !.hand = "none"] ELSE claims[c]]
    /\ UNCHANGED <<work, by, maybe, wanted, ran>>

(***************************************************************************)
(* The whole                                                               *)
(***************************************************************************)
Init ==
    /\ work = "offered" /\ by = Coordinator
    /\ claims = <<>>
    /\ maybe = FALSE /\ wanted = FALSE
    /\ ran = 0

Next ==
    \/ \E w \in Workers : Take(w)
    \/ \E c \in Claims : Call(c)
    \/ \E c \in Claims : Report(c)
    \/ Settle
    \/ Want
    \/ Withdraw
    \/ RunOut
    \/ \E w \in Workers : Crash(w)

\* A worker that is neither dead nor past its lease does the work and reports. The coordinator takes back what is
\* lost, and withdraws what it wants back. That it wants it, or that somebody takes the work, is not assumed.
Works(c) == c \in Claims /\ claims[c].life = "running"
CallFairness == \A c \in 1 .. MaxTries : WF_vars(Works(c) /\ Call(c))
ReportFairness == \A c \in 1 .. MaxTries : WF_vars(Works(c) /\ Report(c))
SettleFairness == WF_vars(Settle)
WithdrawFairness == WF_vars(Withdraw)

Safety == Init /\ [][Next]_vars
Spec == Safety /\ CallFairness /\ ReportFairness /\ SettleFairness /\ WithdrawFairness

Symmetry == Permutations(Workers)

(***************************************************************************)
(* Laws                                                                    *)
(***************************************************************************)
TypeOK ==
    /\ work \in {"offered", "taken", "done", "failed", "withdrawn", "unknown"}
    /\ \A c \in Claims : claims[c].life \in {"running", "past", "dead", "over"}
    /\ \A c \in Claims : claims[c].hand \in {"none", "to do", "did", "did not"}

\* Work is done at most as often as it was taken, and only once where the step does not allow it to be done again.
TakenBeforeDone == ran <= Len(claims)
NothingIsDoneTwice == Choice # "again" => ran <= 1

\* What is said to be done was done. What is said not to have happened did not, and never will.
DoneMeansDone == work = "done" => ran > 0
NotDoneMeansNever == work \in {"failed", "withdrawn"} => ran = 0

\* Work has one worker at a time: it is taken when nobody has it.
OneWorker == [][Len(claims') > Len(claims) => work # "taken"]_vars

\* A worker keeps the work while it lives and renews its lease.
ALiveWorkerIsLeftAlone ==
    [][work = "taken" /\ work' # "taken" => by' = Latest \/ claims[Latest].life # "running"]_vars

\* Each entry is the coordinator's, or that of the worker who has the claim.
AZombieReportsNothing ==
    [][<<work, by>>' # <<work, by>> => by' = Coordinator \/ by' > Latest
                                      \/ (by' = Latest /\ claims[Latest].life \in {"running", "past"})]_vars

NothingAfterTheEnd == [][Over => UNCHANGED <<work, maybe>> /\ Len(claims') = Len(claims)]_vars

\* Nobody is offered what may have been done already, where the step does not allow it.
UnknownIsNeverGuessed ==
    [][work = "taken" /\ by' = Coordinator /\ work' # "taken" =>
           work' = "unknown" \/ Choice = "ask" \/ (Choice = "again" /\ work' = "offered")]_vars

\* Whoever takes the work is done with it at last, or it is taken back; and what is wanted back comes to an end.
TakenWorkIsSettled == work = "taken" ~> work # "taken"
WantedWorkEnds == wanted ~> Over

=============================================================================
