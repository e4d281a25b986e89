----------------------------- MODULE SagaTasks ------------------------------
(***************************************************************************)
(* A task of a saga: a step that another agent carries out. The task is    *)
(* offered to a role, claimed by an agent with that role, carried out      *)
(* outside the store, and reported. (Constants and variables call it       *)
(* 'work'.)                                                                *)
(*                                                                         *)
(* A worker that claims the task is granted a claim on it in the same      *)
(* commit, and reports under that claim. The claims on one task are        *)
(* numbered, as the claims on a saga are in the module Sagas, and the      *)
(* latest is the current one. A worker that dies or stalls loses its claim *)
(* to the coordinator. It is then a zombie: it may still carry out the     *)
(* task, but its report is refused.                                        *)
(*                                                                         *)
(* An offer is not an intent, since no agent acts on it yet; the claim is  *)
(* the intent. So a task that was only offered can be withdrawn without    *)
(* doubt. A claimed task whose worker was lost is in doubt. As in Sagas,   *)
(* the step then chooses: ask a probe, whose answer 'not executed' is      *)
(* final; offer the task again, under the same idempotency key; or leave   *)
(* it to the operator. A claimed task is not withdrawn. The coordinator    *)
(* waits for it, and takes it back only if its worker is lost.             *)
(*                                                                         *)
(* If it only waits for a report, the coordinator parks the saga: it       *)
(* records the state that it knows, and releases the claim. It drives the  *)
(* saga again on news: a journal entry, a claim on the task, or the loss   *)
(* of one. It records the state of before its look. So a change between    *)
(* the look and the record is news.                                        *)
(*                                                                         *)
(* An operator may resolve the saga meanwhile. A task that is only offered *)
(* is then withdrawn. A claimed task is left to its worker, and its report *)
(* no longer has an effect on the saga.                                    *)
(*                                                                         *)
(* The actions in the code (package dev.fencepost.internal.saga):          *)
(*   Take               StepTaskQueue.claimTask                            *)
(*   Call               the worker, outside the store                      *)
(*   Report             DefaultStepTask, under the worker's claim          *)
(*   Settle             WorkerStepExecutor                                 *)
(*   Want               SagaPlanner: a rollback, a cancel, or a deadline   *)
(*   Withdraw           WorkerStepExecutor, for an unclaimed task          *)
(*   Resolve            SagaOperations.resolve                             *)
(*   Hear               WorkerStepExecutor                                 *)
(*   Park, Note, Drive  SagaRecovery                                       *)
(* Settle and Withdraw are under the claim on the saga. Actions of the     *)
(* environment: RunOut (a lease expires), Crash (a process dies).          *)
(*                                                                         *)
(* The properties checked:                                                 *)
(*   outcome   ClaimedBeforeExecuted, AtMostOnce, DoneImpliesExecuted,     *)
(*             NotDoneImpliesNeverExecuted, NoGuessedOutcome               *)
(*   claims    OneWorker, NoPreemption, ZombiesAreFenced                   *)
(*   end       NoChangeAfterEnd, ResolvedTasksNotClaimed                   *)
(*   parking   ParkedUntilNews, OutcomesJournaled                          *)
(*   liveness  ClaimedTasksResolve, WithdrawnTasksEnd                      *)
(*                                                                         *)
(* Left out: takeovers of the saga between coordinators, since the doubt   *)
(* about a task depends only on the worker's claim; the guarantee that an  *)
(* agent claims the task, since an unclaimed one waits for its deadline or *)
(* a cancel.                                                               *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets, TLC

CONSTANTS
    Workers,
    Choice,     \* for a task in doubt: "ask" (a probe), "again" (offer it) or "stop" (operator)
    Parks,      \* whether the coordinator parks the saga
    Resolvable, \* bound: whether an operator resolves the saga
    MaxTries,
    MaxClaims   \* bound: the claim with this number is never lost

VARIABLES
    work,       \* the state of the task: "offered", "taken" (claimed), or its outcome
    by,         \* the claim of the last entry
    claims,     \* the claims ever granted, each with the state of its worker
    maybe,      \* whether an attempt before the latest may have been executed
    wanted,     \* whether the coordinator wants the task back
    resolved,   \* whether an operator has resolved the saga
    desk,       \* the state of the coordinator, and the state of the saga that it knew before its look
    ran         \* how often the task was executed

vars == <<work, by, claims, maybe, wanted, resolved, desk, ran>>

Coordinator == 0
Claims == DOMAIN claims
Latest == Len(claims)
Lives(c) == claims[c].life # "dead"
Over == work \in {"done", "failed", "withdrawn", "unknown", "resolved"}
Looks == desk.at = "looks" /\ ~resolved
Lost == Latest > 0 /\ claims[Latest].life # "running"

(***************************************************************************)
(* Rules                                                                   *)
(***************************************************************************)

\* A report is made under the latest claim, while it is open.
FenceGuard(c) == c = Latest /\ claims[c].life \in {"running", "past"}

\* An offered task is claimed by one worker, unless the coordinator wants it back.
OfferGuard == work = "offered" /\ ~wanted

\* Only a worker that claimed the task carries it out.
IntentGuard(c) == claims[c].hand = "to do"

\* A task is taken back only from a worker that died, or whose lease has expired.
LostGuard == claims[Latest].life # "running"

\* A task in doubt is offered again only if the step allows it, and only up to the bound.
AgainGuard == Choice = "again" /\ Len(claims) < MaxTries

\* Only an unclaimed task is withdrawn, and it counts as not executed only if nothing is in doubt.
WithdrawGuard == work = "offered"
DoubtGuard == ~maybe

\* A parked saga is driven only on news.
NewsGuard(known) == desk.known # known

(***************************************************************************)
(* Effects                                                                 *)
(***************************************************************************)

\* All state that may require an action of the coordinator.
Known == [claims |-> Len(claims), lost |-> Lost, wanted |-> wanted, work |-> work]

\* The state that is recorded for a parked saga.
ToNote == desk.known

\* Resolving the saga withdraws a task that is only offered.
WorkAfterResolving == IF work = "offered" THEN "resolved" ELSE work

\* After the answer of a probe, no earlier attempt takes effect.
AfterAnswer == [c \in Claims |-> IF claims[c].hand = "to do" THEN [claims[c] EXCEPT !.hand = "none"] ELSE claims[c]]

\* A failure does not resolve the doubt about an earlier attempt.
AfterFailure ==
    IF Len(claims) < MaxTries /\ ~wanted /\ ~resolved THEN {"offered"} ELSE {IF maybe THEN "unknown" ELSE "failed"}
AfterRefusal == {IF maybe THEN "unknown" ELSE "failed"}

Ended(cs) == [cs EXCEPT ![Latest].life = IF @ = "dead" THEN "dead" ELSE "over"]
Hand(c, what) == [claims EXCEPT ![c].hand = what]

(***************************************************************************)
(* Actions                                                                 *)
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

\* The outcome is done, failed, or refused permanently. A fenced worker learns it now.
Report(c) ==
    /\ Lives(c) /\ claims[c].hand \in {"did", "did not"}
    /\ IF FenceGuard(c)
       THEN /\ work' \in (IF claims[c].hand = "did" THEN {"done"} ELSE AfterFailure \cup AfterRefusal)
            /\ by' = c
            /\ claims' = Ended(Hand(c, "none"))
       ELSE /\ claims' = Hand(c, "none")
            /\ UNCHANGED <<work, by>>
    /\ UNCHANGED <<maybe, wanted, resolved, desk, ran>>

\* The coordinator takes the task back from a lost worker, and determines its outcome, if possible.
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

\* The saga rolls back, was cancelled, or is past its deadline.
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

\* The coordinator journals the outcome.
Hear ==
    /\ Looks /\ Over
    /\ desk' = [at |-> "ended", known |-> Known]
    /\ UNCHANGED <<work, by, claims, maybe, wanted, resolved, ran>>

\* The coordinator can only wait.
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
(* Specification                                                           *)
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

\* A live worker within its lease carries out the task and reports. The coordinator takes back a lost task, and
\* withdraws a task that it wants back. It hears outcomes, and drives a parked saga on news. It need not want the task
\* back, and no worker need claim it.
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
(* Properties                                                              *)
(***************************************************************************)
TypeOK ==
    /\ work \in {"offered", "taken", "done", "failed", "withdrawn", "unknown", "resolved"}
    /\ desk.at \in {"looks", "parks", "away", "ended"}
    /\ \A c \in Claims : claims[c].life \in {"running", "past", "dead", "over"}
    /\ \A c \in Claims : claims[c].hand \in {"none", "to do", "did", "did not"}

\* A task is executed at most as often as it was claimed, and only once if the step does not allow a repetition.
ClaimedBeforeExecuted == ran <= Len(claims)
AtMostOnce == Choice # "again" => ran <= 1

\* A task that is journaled as done was executed. A failed or withdrawn task was not executed, and never will be.
DoneImpliesExecuted == work = "done" => ran > 0
NotDoneImpliesNeverExecuted == work \in {"failed", "withdrawn"} => ran = 0

\* A task has one worker at a time: a claimed task is not claimed again.
OneWorker == [][Len(claims') > Len(claims) => work # "taken"]_vars

\* A worker keeps the task while it is alive and renews its lease.
NoPreemption ==
    [][work = "taken" /\ work' # "taken" => by' = Latest \/ claims[Latest].life # "running"]_vars

\* Each entry is made by the coordinator, or by the worker that holds the claim.
ZombiesAreFenced ==
    [][<<work, by>>' # <<work, by>> => by' = Coordinator \/ by' > Latest
                                      \/ (by' = Latest /\ claims[Latest].life \in {"running", "past"})]_vars

NoChangeAfterEnd == [][Over => UNCHANGED <<work, maybe>> /\ Len(claims') = Len(claims)]_vars

\* A task that may have been executed is not offered again, unless the step allows it.
NoGuessedOutcome ==
    [][work = "taken" /\ by' = Coordinator /\ work' # "taken" =>
           work' = "unknown" \/ Choice = "ask" \/ (Choice = "again" /\ work' = "offered")]_vars

\* No task of a resolved saga is claimed.
ResolvedTasksNotClaimed == [][resolved => Len(claims') = Len(claims)]_vars

\* A parked saga is driven only if its state has changed.
ParkedUntilNews == [][desk.at = "away" /\ desk'.at = "looks" => desk'.known # desk.known]_vars

\* The coordinator hears of every outcome.
OutcomesJournaled == Over ~> desk.at = "ended"

\* A claimed task is eventually reported or taken back. A task that is wanted back eventually ends.
ClaimedTasksResolve == work = "taken" ~> work # "taken"
WithdrawnTasksEnd == wanted ~> Over

=============================================================================
