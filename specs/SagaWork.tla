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
(* Where it only waits for a report, the coordinator parks the saga: it    *)
(* notes what it knows and gives the claim back. It drives the saga again  *)
(* when something is new: an entry, a claim on the work, or the loss of    *)
(* one. What it notes is what it knew before it looked. What happens       *)
(* between the look and the note is therefore new. The actions are Drive,  *)
(* Park and Note (saga.SagaRecovery), and Hear (saga.StepRun).             *)
(*                                                                         *)
(* An operator may resolve the saga meanwhile. Work that is only offered   *)
(* is withdrawn then. Work that is taken is left to its worker, whose      *)
(* report changes nothing any more.                                        *)
(*                                                                         *)
(* What is not promised: that somebody takes the work. Where nobody does,  *)
(* the step waits, until its deadline or somebody who cancels.             *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets, TLC

CONSTANTS
    Workers,
    Choice,     \* in doubt: "ask", "again" or "stop"
    Parks,      \* whether the coordinator parks the saga
    Resolvable, \* bound: whether an operator resolves the saga
    MaxTries,
    MaxClaims   \* bound: the claim of this number is the last to be lost

VARIABLES
    work,       \* "offered", "taken", or what became of it
    by,         \* under which claim the last entry was made
    claims,     \* the claims ever granted, with what each worker has in hand
    maybe,      \* whether an attempt before the latest may have happened
    wanted,     \* whether the coordinator wants it back
    resolved,   \* whether an operator has resolved the saga
    desk,       \* where the coordinator is, and what it knew before it looked
    ran         \* how often it was done

vars == <<work, by, claims, maybe, wanted, resolved, desk, ran>>

Coordinator == 0
Claims == DOMAIN claims
Latest == Len(claims)
Lives(c) == claims[c].life # "dead"
Over == work \in {"done", "failed", "withdrawn", "unknown", "resolved"}
Looks == desk.at = "looks" /\ ~resolved
Lost == Latest > 0 /\ claims[Latest].life # "running"

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

\* A parked saga is left alone until there is news.
NewsGuard(known) == desk.known # known

(***************************************************************************)
(* The effects                                                             *)
(***************************************************************************)

\* All that may give the coordinator something to do.
Known == [claims |-> Len(claims), lost |-> Lost, wanted |-> wanted, work |-> work]

\* What is noted where the saga is parked.
ToNote == desk.known

\* Resolving withdraws what is only offered.
WorkAfterResolving == IF work = "offered" THEN "resolved" ELSE work

\* After the answer of a probe no attempt so far takes effect any more.
AfterAnswer == [c \in Claims |-> IF claims[c].hand = "to do" THEN [claims[c] EXCEPT !.hand = "none"] ELSE claims[c]]

\* A failure does not end the doubt about an attempt before it.
AfterFailure ==
    IF Len(claims) < MaxTries /\ ~wanted /\ ~resolved THEN {"offered"} ELSE {IF maybe THEN "unknown" ELSE "failed"}
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
    /\ UNCHANGED <<maybe, wanted, resolved, desk, ran>>

Call(c) ==
    /\ Lives(c)
    /\ IntentGuard(c)
    /\ \/ claims' = Hand(c, "did") /\ ran' = ran + 1
       \/ claims' = Hand(c, "did not") /\ UNCHANGED ran
    /\ UNCHANGED <<work, by, maybe, wanted, resolved, desk>>

\* Done, failed, or refused for good. Whoever is fenced learns it now.
Report(c) ==
    /\ Lives(c) /\ claims[c].hand \in {"did", "did not"}
    /\ IF FenceGuard(c)
       THEN /\ work' \in (IF claims[c].hand = "did" THEN {"done"} ELSE AfterFailure \cup AfterRefusal)
            /\ by' = c
            /\ claims' = Ended(Hand(c, "none"))
       ELSE /\ claims' = Hand(c, "none")
            /\ UNCHANGED <<work, by>>
    /\ UNCHANGED <<maybe, wanted, resolved, desk, ran>>

\* The coordinator takes the work back from a worker that is lost, and finds out what became of it, if it can.
Settle ==
    /\ Looks /\ work = "taken"
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
    /\ UNCHANGED <<wanted, resolved, desk, ran>>

\* The saga turns back, was cancelled, or is past its deadline.
Want ==
    /\ ~wanted /\ ~Over /\ ~resolved
    /\ wanted' = TRUE
    /\ UNCHANGED <<work, by, claims, maybe, resolved, desk, ran>>

Withdraw ==
    /\ Looks /\ wanted /\ ~Over
    /\ WithdrawGuard
    /\ work' = IF DoubtGuard THEN "withdrawn" ELSE "unknown"
    /\ by' = Coordinator
    /\ UNCHANGED <<claims, maybe, wanted, resolved, desk, ran>>

Resolve ==
    /\ Resolvable /\ ~resolved /\ desk.at # "ended"
    /\ resolved' = TRUE
    /\ work' = WorkAfterResolving
    /\ by' = Coordinator
    /\ UNCHANGED <<claims, maybe, wanted, desk, ran>>

\* The coordinator takes the outcome into the journal.
Hear ==
    /\ Looks /\ Over
    /\ desk' = [at |-> "ended", known |-> Known]
    /\ UNCHANGED <<work, by, claims, maybe, wanted, resolved, ran>>

\* There is nothing to do but to wait.
Park ==
    /\ Parks /\ Looks
    /\ \/ work = "offered" /\ ~wanted
       \/ work = "taken" /\ ~LostGuard
    /\ desk' = [desk EXCEPT !.at = "parks"]
    /\ UNCHANGED <<work, by, claims, maybe, wanted, resolved, ran>>

Note ==
    /\ desk.at = "parks"
    /\ desk' = [at |-> "away", known |-> ToNote]
    /\ UNCHANGED <<work, by, claims, maybe, wanted, resolved, ran>>

Drive ==
    /\ desk.at = "away" /\ ~resolved
    /\ NewsGuard(Known)
    /\ desk' = [at |-> "looks", known |-> Known]
    /\ UNCHANGED <<work, by, claims, maybe, wanted, resolved, ran>>

RunOut ==
    /\ work = "taken" /\ Latest < MaxClaims
    /\ claims[Latest].life = "running"
    /\ claims' = [claims EXCEPT ![Latest].life = "past"]
    /\ UNCHANGED <<work, by, maybe, wanted, resolved, desk, ran>>

Crash(w) ==
    /\ Latest < MaxClaims
    /\ \E c \in Claims : claims[c].who = w /\ Lives(c)
    /\ claims' = [c \in Claims |->
           IF claims[c].who = w THEN [claims[c] EXCEPT !.life = "dead", !.hand = "none"] ELSE claims[c]]
    /\ UNCHANGED <<work, by, maybe, wanted, resolved, desk, ran>>

(***************************************************************************)
(* The whole                                                               *)
(***************************************************************************)
Init ==
    /\ work = "offered" /\ by = Coordinator
    /\ claims = <<>>
    /\ maybe = FALSE /\ wanted = FALSE /\ resolved = FALSE
    /\ desk = [at |-> "looks", known |-> Known]
    /\ ran = 0

Next ==
    \/ \E w \in Workers : Take(w)
    \/ \E c \in Claims : Call(c)
    \/ \E c \in Claims : Report(c)
    \/ Settle
    \/ Want
    \/ Withdraw
    \/ Resolve
    \/ Hear
    \/ Park
    \/ Note
    \/ Drive
    \/ RunOut
    \/ \E w \in Workers : Crash(w)

\* A worker that is neither dead nor past its lease does the work and reports. The coordinator takes back what is
\* lost, and withdraws what it wants back. It hears outcomes, and drives a parked saga when there is news. That it
\* wants the work back, or that a worker takes it, is not assumed.
Works(c) == c \in Claims /\ claims[c].life = "running"
CallFairness == \A c \in 1 .. MaxTries : WF_vars(Works(c) /\ Call(c))
ReportFairness == \A c \in 1 .. MaxTries : WF_vars(Works(c) /\ Report(c))
SettleFairness == WF_vars(Settle)
WithdrawFairness == WF_vars(Withdraw)
HearFairness == WF_vars(Hear)
NoteFairness == WF_vars(Note)
DriveFairness == WF_vars(Drive)

Safety == Init /\ [][Next]_vars
Spec ==
    /\ Safety
    /\ CallFairness /\ ReportFairness /\ SettleFairness /\ WithdrawFairness
    /\ HearFairness /\ NoteFairness /\ DriveFairness

Symmetry == Permutations(Workers)

(***************************************************************************)
(* Laws                                                                    *)
(***************************************************************************)
TypeOK ==
    /\ work \in {"offered", "taken", "done", "failed", "withdrawn", "unknown", "resolved"}
    /\ desk.at \in {"looks", "parks", "away", "ended"}
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

\* No work of a saga that an operator resolved is taken.
ResolvedMeansOver == [][resolved => Len(claims') = Len(claims)]_vars

\* A parked saga is driven for a reason.
ParkedMeansLeftAlone == [][desk.at = "away" /\ desk'.at = "looks" => desk'.known # desk.known]_vars

\* The coordinator hears of every outcome.
OutcomesAreHeard == Over ~> desk.at = "ended"

\* Whoever takes the work is done with it at last, or it is taken back; and what is wanted back comes to an end.
TakenWorkIsSettled == work = "taken" ~> work # "taken"
WantedWorkEnds == wanted ~> Over

=============================================================================
