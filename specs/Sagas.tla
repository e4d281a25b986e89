------------------------------- MODULE Sagas --------------------------------
(***************************************************************************)
(* Sagas: steps, each with its compensation, one after another or in       *)
(* parallel, and a journal that survives every process.                    *)
(*                                                                         *)
(* A coordinator holds the claim on the saga. Each entry that it makes in  *)
(* the journal is a commit under that claim. FencedCommit specifies the    *)
(* value of a claim. Here the claims on one saga are numbered: the number  *)
(* is the epoch, and the latest claim is the current one. A run is the     *)
(* work of one coordinator under one claim. If it dies or stalls, another  *)
(* coordinator takes over the saga, reads the journal and continues. The   *)
(* earlier run may still be active. It is then a zombie: it writes         *)
(* nothing, but may still act outside the store as it intended. The        *)
(* journal is modelled as its fold: the state of the saga and of each      *)
(* step.                                                                   *)
(*                                                                         *)
(* The effect of a store step is committed together with the entry that it *)
(* is done, so it takes effect once. Its function runs before that commit. *)
(* The commit checks whether the step may still be done. A failure may be  *)
(* journaled even later: the attempt began in time and changed nothing.    *)
(*                                                                         *)
(* The earlier run may have died in a store step. So a run that takes over *)
(* a saga journals the start of each attempt at the next store steps. This *)
(* bounds the attempts at a step that kills its process. The last attempt  *)
(* may break: an error, or the death of its process, leaves the outcome of *)
(* the step open. The saga then waits for an operator.                     *)
(*                                                                         *)
(* An external step has an intent, which is journaled before the action;   *)
(* then the action, a call outside the store; then the outcome. A crash    *)
(* does not undo the action. A call may be delayed for a long time, also   *)
(* after the caller stops waiting. So an intent without an outcome leaves  *)
(* the step in doubt. The step then chooses one of these:                  *)
(*   Probed      A probe tells whether the action was executed. Its answer *)
(*               'not executed' must be final: no call of the earlier      *)
(*               attempts takes effect after it.                           *)
(*   Idempotent  The action runs again under the same idempotency key. The *)
(*               key must be remembered, also after a compensation: a      *)
(*               later call then has no effect.                            *)
(*   neither     The action is not repeated, and its outcome stays         *)
(*               unknown.                                                  *)
(* A step may also declare that its compensation is safe in doubt          *)
(* (SafeToUndo). The compensation must then block the action: a later call *)
(* has no effect. The external service must meet these three demands. The  *)
(* mutants of 'ClosedBy' and 'StandsAfterCall' show the consequences if it *)
(* does not.                                                               *)
(*                                                                         *)
(* Guarantees: A store step takes effect once. An external step is called  *)
(* at most once per journaled intent, always under the same key; and only  *)
(* once if it is not idempotent. A 'compensated' saga leaves no effect.    *)
(* Not guaranteed: that a zombie makes no call. It may call after a        *)
(* takeover, and after the end of the saga.                                *)
(*                                                                         *)
(* A failure says that one attempt was not executed. It does not resolve   *)
(* the doubt about an earlier attempt. That doubt remains until the step   *)
(* is done, and it decides whether the step must be compensated.           *)
(*                                                                         *)
(* A run may end between two entries and leave the saga to the next run:   *)
(* when its store closes, or when the saga waits for another agent. A      *)
(* process that does not know the definition of a saga leaves it alone,    *)
(* unless the saga should have ended long ago. Then it ends the saga if no *)
(* step has started, and otherwise leaves it to an operator. An operator   *)
(* may end a saga that is stuck, or that no live process coordinates.      *)
(*                                                                         *)
(* Before a rollback, or before it leaves the saga to an operator, the     *)
(* coordinator waits for the parallel steps that are still running.        *)
(* Otherwise a step, even a pivot, could be done after earlier steps were  *)
(* compensated.                                                            *)
(*                                                                         *)
(* The decision of an operator is taken as true. An operator that retries  *)
(* or skips a step has made sure that no effect of it remains, and that no *)
(* call is pending.                                                        *)
(*                                                                         *)
(* The code of the actions (package dev.fencepost.internal.saga):          *)
(*   StoreStepExecutor     TryStore, StoreStep, FailStore, BreakStore,     *)
(*                         HaltStore, TryStoreUndo, StoreUndo, FailUndo    *)
(*   ExternalStepExecutor  Intent, Report, Ask, Undo, FailUndo             *)
(*   StepExecutor          the end of an attempt: Report, FailStore,       *)
(*                         FailUndo                                        *)
(*   SagaPlanner           the choice among the actions of a run           *)
(*   SagaExecution         TurnBack, Stop, Finish                          *)
(*   SagaCoordinator       Take, Leave                                     *)
(*   SagaOperations        Cancel, Help, Retry, Resolve                    *)
(*   UndrivableSagas       EndUnbegun, StopUndriven                        *)
(* Each entry is one commit, written by SagaJournal. These actions make    *)
(* entries: Intent, Undo, Report, Ask, StoreStep, FailStore, StoreUndo,    *)
(* FailUndo, TurnBack, Stop, Finish, Cancel, Help, Retry, Resolve,         *)
(* EndUnbegun and StopUndriven. TryStore and TryStoreUndo make one if the  *)
(* start is journaled. Call, Lose, Arrive and CallUndo happen outside the  *)
(* store. Actions of the environment: RunOut (a lease expires), Crash (of  *)
(* a process, which starts again).                                         *)
(*                                                                         *)
(* The properties checked:                                                 *)
(*   effects   StoreStepsExactlyOnce, IntentBeforeEffect, AtMostOnce,      *)
(*             DoneImpliesExecuted, NoGuessedOutcome                       *)
(*   order     StepsInOrder, InReverseOrder, NoRollbackAfterPivot          *)
(*   bounds    BoundedAttempts, BoundedFunctionStarts                      *)
(*   end       CompletedImpliesAllDone, CompensationComplete,              *)
(*             CompensationMinimal, NoChangeAfterEnd,                      *)
(*             RollbackOnlyOnFailure, CancelHonoured                       *)
(*   operator  StuckSagaUnclaimed, StuckOnlyWhenUnresolved                 *)
(*   fencing   ZombiesAreFenced, NoPreemption                              *)
(*   liveness  EverySagaEnds                                               *)
(*                                                                         *)
(* Left out: steps that other agents carry out (SagaTasks); inputs,        *)
(* outputs and versions of definitions; pauses between attempts;           *)
(* deadlines, which act like a cancel.                                     *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets, TLC

CONSTANTS
    Coordinators,
    Steps,        \* 1 .. n, in order
    Beside,       \* the steps that run in parallel with the step before them (one group)
    Stores,       \* the store steps, whose effect is in the store; all others are external
    Probed,       \* the steps with a probe
    Idempotent,   \* the steps that are run again when in doubt
    SafeToUndo,   \* the steps that may be compensated when in doubt
    Pivots,       \* once one of these steps is done, nothing is compensated
    MaxTries,     \* attempts at a step, until an operator retries it
    MaxUndos,     \* attempts at a compensation, likewise
    Strangers,    \* bound: whether some processes do not know the definition of the saga
    Cancellable,  \* bound: whether the saga may be cancelled
    MaxClaims,    \* bound: this run and later ones are never lost
    MaxHelps      \* bound: entries of an operator

VARIABLES
    runs,       \* the claims ever granted, in order, each with the state of its coordinator
    journal,    \* the fold of the journal
    cancelled,  \* whether a cancel was requested
    helps,      \* the number of entries of an operator
    world       \* the effects in the store and outside, and the pending calls

vars == <<runs, journal, cancelled, helps, world>>
view == <<runs, [journal EXCEPT !.by = 0], cancelled, helps, world>>

\* Values of 'stuck' besides the steps: the saga is not stuck, or stuck at no step.
NotStuck == 0
AtNoStep == Cardinality(Steps) + 1

\* The author of entries by an operator, or by a process that only ends the saga. Each has its own claim.
Operator == 0
Outside == Steps \ Stores

ASSUME
    /\ Steps = 1 .. Cardinality(Steps)
    /\ Probed \cup Idempotent \cup SafeToUndo \subseteq Outside
    /\ Probed \cap Idempotent = {}
    \* A pivot cannot be compensated, in doubt or not.
    /\ Pivots \cap SafeToUndo = {}

(***************************************************************************)
(* Derived state                                                           *)
(***************************************************************************)
Runs == DOMAIN runs
Epoch == Len(runs)
Lives(r) == runs[r].life # "dead"
Running(r) == r \in Runs /\ runs[r].life = "running"
Held == Epoch > 0 /\ runs[Epoch].life # "over"
InHand(r, s) == runs[r].hand[s]

Is(s, states) == journal.at[s] \in states
Ended == journal.mode \in {"completed", "compensated", "resolved"}
PivotDone == \E p \in Pivots : Is(p, {"done"})

\* A store step whose function runs in the current run.
Trying(s) == Epoch > 0 /\ InHand(Epoch, s) = "trying"

\* Counted: this run journaled the start of the attempt. Broken: the last attempt broke.
Counted(r, s) == Is(s, {"tried"}) /\ journal.under[s] = r
Broken(s) == Epoch > 0 /\ InHand(Epoch, s) = "broken"

\* An intent without an outcome: in progress, or left by an earlier run.
UnderWay(s) == Trying(s) \/ (Is(s, {"started", "undoing"}) /\ journal.under[s] = Epoch)
LeftBehind(s) == Is(s, {"started", "undoing"}) /\ journal.under[s] # Epoch

\* Unknown: the latest attempt has no known outcome. InDoubt: also if it failed after an attempt without one.
Unknown(s) == Is(s, {"unclear"}) \/ (Is(s, {"started"}) /\ LeftBehind(s))
InDoubt(s) == Unknown(s) \/ Is(s, {"untold"}) \/ (s \in journal.maybe /\ Is(s, {"failed", "spent"}))

UsedUp(s) == journal.tries[s] >= MaxTries
Untellable(s) ==
    \/ Is(s, {"untold"})
    \/ Unknown(s) /\ s \notin Probed /\ (s \notin Idempotent \/ UsedUp(s))
    \/ InDoubt(s) /\ Is(s, {"spent"})

\* The last attempt at a store step broke, or its process died in it.
BrokenOff(s) == Broken(s) \/ (Is(s, {"tried"}) /\ ~Trying(s) /\ UsedUp(s))

\* The saga must roll back: a cancel was requested, or a step will not be done.
LostCause == cancelled \/ \E s \in Steps : Is(s, {"spent"}) \/ (Untellable(s) /\ s \in SafeToUndo)
Turning == journal.mode = "running" /\ ~PivotDone /\ LostCause

\* The saga can neither continue nor roll back past this step.
UndoUsedUp(s) == journal.undos[s] >= MaxUndos
Hopeless(s) ==
    \/ journal.mode = "running" /\ Untellable(s) /\ (s \notin SafeToUndo \/ PivotDone)
    \/ journal.mode = "running" /\ Is(s, {"spent"}) /\ PivotDone
    \/ journal.mode = "running" /\ BrokenOff(s)
    \/ journal.mode = "compensating" /\ (Is(s, {"kept"}) \/ (Is(s, {"undoing"}) /\ LeftBehind(s) /\ UndoUsedUp(s)))

Group(s) == Cardinality({t \in Steps \ Beside : t <= s})
InTheirOrder(steps) == SelectSeq([s \in Steps |-> s], LAMBDA s : s \in steps)
ToUndo == {journal.order[i] : i \in DOMAIN journal.order}

\* The next steps to run, and the next step to compensate.
NextSteps ==
    {s \in Steps : ~Is(s, {"done", "left"}) /\ \A t \in Steps : Group(t) < Group(s) => Is(t, {"done", "left"})}
LastToUndo ==
    {s \in ToUndo : ~Is(s, {"undone"}) /\ \E i \in DOMAIN journal.order :
        journal.order[i] = s /\ \A j \in DOMAIN journal.order : j > i => Is(journal.order[j], {"undone"})}

(***************************************************************************)
(* Rules                                                                   *)
(***************************************************************************)

\* An entry is made under the current claim, while it is open.
FenceGuard(r) == r = Epoch /\ Held

\* A saga is taken over if it has neither ended nor become stuck. It has no claim, or its holder died or is past its
\* lease.
TakeGuard == ~Ended /\ journal.stuck = NotStuck /\ (Held => runs[Epoch].life # "running")

\* A step waits for all steps of the groups before it.
ReadyGuard(s) == \A t \in Steps : Group(t) < Group(s) => Is(t, {"done", "left"})

\* An operator ends a saga that is stuck, or whose claim can be taken over.
ResolveGuard == journal.stuck # NotStuck \/ (Held => runs[Epoch].life # "running")

\* A saga ends at once if its end was requested and no step has started. If a step has started, a process that does not
\* know the definition leaves the saga to the operator.
AskedGuard == cancelled
UnbegunGuard == \A s \in Steps : Is(s, {"waiting"})
OverdueGuard == cancelled

\* Attempts are bounded, including those without an outcome.
TriesGuard(s) == ~UsedUp(s)
UndosGuard(s) == ~UndoUsedUp(s)

\* A step with an unknown outcome is run again only if it is idempotent.
AgainGuard(s) == Unknown(s) => s \in Idempotent

\* A saga that must roll back starts no step. It still resolves each doubt that the rollback needs resolved.
BeginGuard(s) == ~Turning \/ (InDoubt(s) /\ s \notin SafeToUndo)

\* The action runs only after its intent is journaled.
IntentGuard(r, s) == InHand(r, s) = "to do"

\* The effect of a store step and its entry are one commit.
OneCommitGuard(wrote, entered) == wrote = entered

\* A rollback needs a cause. No pivot may be done, no step may be in progress, and each doubt that matters is resolved.
CauseGuard == LostCause
PivotGuard == ~PivotDone
SettledGuard == \A s \in Steps : ~UnderWay(s)
KnownGuard == \A s \in Steps : InDoubt(s) => s \in SafeToUndo

\* Steps are compensated in reverse order of completion.
ReverseGuard(s) ==
    \E i \in DOMAIN journal.order :
        journal.order[i] = s /\ \A j \in DOMAIN journal.order : j > i => Is(journal.order[j], {"undone"})

\* The saga becomes stuck only if there is no other way.
HopelessGuard(s) == Hopeless(s)

\* A saga is completed when all steps are done, unless it must roll back. It is compensated when every step that needs
\* it is compensated.
CompletedGuard == \A s \in Steps : Is(s, {"done", "left"})
HeedGuard == ~Turning
CompensatedGuard == \A s \in ToUndo : Is(s, {"undone"})

\* An ended saga cannot be cancelled.
CancelGuard == ~Ended

(***************************************************************************)
(* Effects                                                                 *)
(***************************************************************************)

\* A call under a known idempotency key changes nothing.
StandsAfterCall(s) == IF s \in Idempotent /\ world.ran[s] > 0 THEN world.stands[s] ELSE TRUE

\* The answer of a probe, the decision of an operator and a compensation that is safe in doubt are final: pending calls
\* have no effect after them.
ClosedBy(what, s) == what \in {"answer", "operator"} \/ (what = "compensation" /\ s \in SafeToUndo)

RunsAfterClosing(s, by) ==
    [r \in Runs |->
        IF ClosedBy(by, s) /\ InHand(r, s) = "to do" THEN [runs[r] EXCEPT !.hand[s] = "none"] ELSE runs[r]]
StrayAfterClosing(s, by) == IF ClosedBy(by, s) THEN world.stray \ {s} ELSE world.stray

\* A failure does not resolve the doubt about an earlier attempt.
DoubtAfter(s) == IF Unknown(s) THEN journal.maybe \cup {s} ELSE journal.maybe

\* The store steps that the earlier run may have started without an entry. The first run has no earlier run.
MayHaveBegun == Stores \cap (IF journal.mode = "running" THEN NextSteps ELSE LastToUndo)
CountedBy == {IF Epoch = 0 THEN {} ELSE MayHaveBegun}

\* The state of a step after a failed attempt, which may be permanent.
AfterFailure(s, tries) == IF tries < MaxTries THEN "failed" ELSE "spent"
AfterAttempt(s, tries) == {"spent", AfterFailure(s, tries)}
AfterFailedUndo(s, undos) == IF undos < MaxUndos THEN "undo failed" ELSE "kept"

\* The possible entries for the result of an action.
Outcomes(s, hand) ==
    CASE hand = "did" -> {"done"}
      [] hand = "did not" -> AfterAttempt(s, journal.tries[s])
      [] hand = "unclear" -> {"unclear"}
      [] hand = "undid" -> {"undone"}
      [] hand = "undid not" -> {AfterFailedUndo(s, journal.undos[s])}

\* The answer of a probe, if it is not 'unknown'.
Answers(s) == IF world.ran[s] > 0 THEN "done" ELSE AfterFailure(s, journal.tries[s])

\* Steps in doubt are compensated as if they were done last.
AlsoToUndo == {s \in Steps : InDoubt(s)}

\* A fenced run loses its store attempts, which are rolled back. It may still act outside the store.
FencedOff(run) ==
    [run EXCEPT !.life = "over",
                !.hand = [s \in Steps |-> IF @[s] \in {"trying", "broken"} THEN "none" ELSE @[s]]]
AllFencedOff == [r \in Runs |-> FencedOff(runs[r])]

\* The run that ends a saga, or leaves it to the operator, releases the claim.
LifeAfter(entry) == IF entry \in {"end", "stuck"} THEN "over" ELSE "running"

Entered(s, state) ==
    [journal EXCEPT !.at[s] = state,
                    !.under[s] = 0,
                    !.maybe = IF state = "done" THEN @ \ {s} ELSE @,
                    !.order = IF state = "done" THEN Append(@, s) ELSE @]

\* An attempt is counted when its start is journaled, and otherwise with its outcome.
TriesAfter(r, s) == journal.tries[s] + (IF Counted(r, s) THEN 0 ELSE 1)
UndosAfter(r, s) == journal.undos[s] + (IF Is(s, {"undoing"}) /\ journal.under[s] = r THEN 0 ELSE 1)

By(who, entry) == [entry EXCEPT !.by = who]

Hand(r, s, what) == [runs EXCEPT ![r].hand[s] = what]
Happened(s) == [world EXCEPT !.ran[s] = @ + 1, !.stands[s] = StandsAfterCall(s)]

(***************************************************************************)
(* Steps                                                                   *)
(***************************************************************************)
Writes(r) == Lives(r) /\ FenceGuard(r)

Intent(r, s) ==
    /\ Writes(r) /\ journal.mode = "running"
    /\ s \in Outside /\ (Is(s, {"waiting", "failed"}) \/ Unknown(s))
    /\ ReadyGuard(s) /\ TriesGuard(s) /\ AgainGuard(s) /\ BeginGuard(s)
    /\ journal' = By(r, [journal EXCEPT !.at[s] = "started",
                                        !.under[s] = r,
                                        !.tries[s] = @ + 1,
                                        !.maybe = DoubtAfter(s)])
    /\ runs' = Hand(r, s, "to do")
    /\ UNCHANGED <<cancelled, helps, world>>

Call(r, s) ==
    /\ Lives(r) /\ s \in Outside
    /\ IntentGuard(r, s)
    /\ \/ runs' = Hand(r, s, "did") /\ world' = Happened(s)
       \/ runs' = Hand(r, s, "did not") /\ UNCHANGED world
    /\ UNCHANGED <<journal, cancelled, helps>>

\* The caller does not know the outcome. The call is pending, and arrives at any time or never.
Lose(r, s) ==
    /\ Lives(r) /\ InHand(r, s) = "to do"
    /\ runs' = Hand(r, s, "unclear")
    /\ world' = [world EXCEPT !.stray = @ \cup {s}]
    /\ UNCHANGED <<journal, cancelled, helps>>

Arrive(s) ==
    /\ s \in world.stray
    /\ world' = [Happened(s) EXCEPT !.stray = @ \ {s}]
    /\ UNCHANGED <<runs, journal, cancelled, helps>>

\* A fenced run learns it now, and drops the result.
Report(r, s) ==
    /\ Lives(r) /\ InHand(r, s) \notin {"none", "to do", "to undo", "trying", "broken"}
    /\ IF FenceGuard(r)
       THEN \E state \in Outcomes(s, InHand(r, s)) : journal' = By(r, Entered(s, state))
       ELSE UNCHANGED journal
    /\ runs' = Hand(r, s, "none")
    /\ UNCHANGED <<cancelled, helps, world>>

Ask(r, s) ==
    /\ Writes(r) /\ journal.mode = "running"
    /\ s \in Probed /\ Unknown(s)
    /\ \/ /\ journal' = By(r, Entered(s, Answers(s)))
          /\ runs' = RunsAfterClosing(s, "answer")
          /\ world' = [world EXCEPT !.stray = StrayAfterClosing(s, "answer")]
       \/ /\ journal' = By(r, Entered(s, "untold"))
          /\ UNCHANGED <<runs, world>>
    /\ UNCHANGED <<cancelled, helps>>

\* The function of a store step starts. A later run knows of the attempt only if its start is journaled.
TryStore(r, s) ==
    /\ Writes(r) /\ journal.mode = "running"
    /\ s \in Stores /\ Is(s, {"waiting", "failed", "tried"}) /\ InHand(r, s) = "none"
    /\ ReadyGuard(s) /\ TriesGuard(s) /\ BeginGuard(s)
    /\ journal' = IF s \in runs[r].counts
                  THEN By(r, [journal EXCEPT !.at[s] = "tried", !.under[s] = r, !.tries[s] = @ + 1])
                  ELSE journal
    /\ runs' = Hand(r, s, "trying")
    /\ world' = [world EXCEPT !.began[s] = @ + 1]
    /\ UNCHANGED <<cancelled, helps>>

StoreStep(r, s) ==
    /\ Writes(r) /\ journal.mode = "running"
    /\ InHand(r, s) = "trying"
    /\ BeginGuard(s)
    /\ \E wrote, entered \in BOOLEAN :
        /\ wrote \/ entered
        /\ OneCommitGuard(wrote, entered)
        /\ world' = IF wrote THEN [Happened(s) EXCEPT !.began[s] = 0] ELSE world
        /\ journal' = IF entered THEN By(r, Entered(s, "done")) ELSE journal
    /\ runs' = Hand(r, s, "none")
    /\ UNCHANGED <<cancelled, helps>>

\* Also if the saga must roll back meanwhile.
FailStore(r, s) ==
    /\ Writes(r) /\ journal.mode = "running"
    /\ InHand(r, s) = "trying"
    /\ \E state \in AfterAttempt(s, TriesAfter(r, s)) :
           journal' = By(r, [Entered(s, state) EXCEPT !.tries[s] = TriesAfter(r, s)])
    /\ runs' = Hand(r, s, "none")
    /\ UNCHANGED <<cancelled, helps, world>>

\* The last attempt breaks. Stop journals it.
BreakStore(r, s) ==
    /\ Writes(r) /\ journal.mode = "running"
    /\ InHand(r, s) = "trying" /\ TriesAfter(r, s) >= MaxTries
    /\ runs' = Hand(r, s, "broken")
    /\ UNCHANGED <<journal, cancelled, helps, world>>

\* The commit is refused, since the saga must roll back.
HaltStore(r, s) ==
    /\ Writes(r) /\ InHand(r, s) = "trying"
    /\ ~BeginGuard(s)
    /\ runs' = Hand(r, s, "none")
    /\ world' = [world EXCEPT !.began[s] = @ - 1]
    /\ UNCHANGED <<journal, cancelled, helps>>

AfterTry(r, s) == StoreStep(r, s) \/ FailStore(r, s) \/ BreakStore(r, s) \/ HaltStore(r, s)

(***************************************************************************)
(* Compensation                                                            *)
(***************************************************************************)
TurnBack(r) ==
    /\ Writes(r) /\ journal.mode = "running"
    /\ CauseGuard /\ PivotGuard /\ SettledGuard /\ KnownGuard
    /\ journal' = By(r, [journal EXCEPT !.mode = "compensating", !.order = @ \o InTheirOrder(AlsoToUndo)])
    /\ UNCHANGED <<runs, cancelled, helps, world>>

Undoable(s) == s \in ToUndo /\ ~Is(s, {"undone", "kept"}) /\ ~UnderWay(s)

Undo(r, s) ==
    /\ Writes(r) /\ journal.mode = "compensating"
    /\ s \in Outside /\ Undoable(s)
    /\ ReverseGuard(s) /\ UndosGuard(s)
    /\ journal' = By(r, [journal EXCEPT !.at[s] = "undoing", !.under[s] = r, !.undos[s] = @ + 1])
    /\ runs' = Hand(r, s, "to undo")
    /\ UNCHANGED <<cancelled, helps, world>>

CallUndo(r, s) ==
    /\ Lives(r) /\ InHand(r, s) = "to undo"
    /\ \/ /\ runs' = [RunsAfterClosing(s, "compensation") EXCEPT ![r].hand[s] = "undid"]
          /\ world' = [world EXCEPT !.stands[s] = FALSE, !.stray = StrayAfterClosing(s, "compensation")]
       \/ /\ runs' = Hand(r, s, "undid not")
          /\ UNCHANGED world
    /\ UNCHANGED <<journal, cancelled, helps>>

\* The start of a store compensation is journaled only if the earlier run may have started it too.
TryStoreUndo(r, s) ==
    /\ Writes(r) /\ journal.mode = "compensating"
    /\ s \in Stores \cap runs[r].counts /\ Undoable(s)
    /\ ReverseGuard(s) /\ UndosGuard(s)
    /\ journal' = By(r, [journal EXCEPT !.at[s] = "undoing", !.under[s] = r, !.undos[s] = @ + 1])
    /\ UNCHANGED <<runs, cancelled, helps, world>>

InStoreUndo(r, s) ==
    IF s \in runs[r].counts THEN Is(s, {"undoing"}) /\ journal.under[s] = r
    ELSE Undoable(s) /\ ReverseGuard(s) /\ UndosGuard(s)

StoreUndo(r, s) ==
    /\ Writes(r) /\ journal.mode = "compensating"
    /\ s \in Stores /\ InStoreUndo(r, s)
    /\ journal' = By(r, Entered(s, "undone"))
    /\ world' = [world EXCEPT !.stands[s] = FALSE]
    /\ UNCHANGED <<runs, cancelled, helps>>

FailUndo(r, s) ==
    /\ Writes(r) /\ journal.mode = "compensating"
    /\ s \in Stores /\ InStoreUndo(r, s)
    /\ journal' = By(r, [Entered(s, AfterFailedUndo(s, UndosAfter(r, s))) EXCEPT !.undos[s] = UndosAfter(r, s)])
    /\ UNCHANGED <<runs, cancelled, helps, world>>

(***************************************************************************)
(* The end of a saga, and stuck sagas                                      *)
(***************************************************************************)
Stop(r, s) ==
    /\ Writes(r) /\ ~Ended
    /\ HopelessGuard(s) /\ SettledGuard
    /\ journal' = By(r, [journal EXCEPT !.stuck = s])
    /\ runs' = [runs EXCEPT ![r].life = LifeAfter("stuck")]
    /\ UNCHANGED <<cancelled, helps, world>>

Finish(r) ==
    /\ Writes(r)
    /\ \/ /\ journal.mode = "running"
          /\ CompletedGuard /\ HeedGuard
          /\ journal' = By(r, [journal EXCEPT !.mode = "completed"])
       \/ /\ journal.mode = "compensating"
          /\ CompensatedGuard
          /\ journal' = By(r, [journal EXCEPT !.mode = "compensated"])
    /\ runs' = [runs EXCEPT ![r].life = LifeAfter("end")]
    /\ UNCHANGED <<cancelled, helps, world>>

(***************************************************************************)
(* Cancels, operators and takeovers                                        *)
(***************************************************************************)
Cancel ==
    /\ Cancellable /\ ~cancelled
    /\ CancelGuard
    /\ cancelled' = TRUE
    /\ UNCHANGED <<runs, journal, helps, world>>

\* An operator holds the claim only during the entry. It retries, confirms or skips the step at which the saga is stuck.
\* It retries a compensation, or confirms that it was done by hand. The count of attempts starts over.
Words(s) ==
    IF journal.mode = "compensating" THEN {"undo failed", "undone"}
    ELSE {"failed", "left"} \cup (IF InDoubt(s) THEN {"done"} ELSE {})

Help(s, word) ==
    /\ journal.stuck = s /\ helps < MaxHelps
    /\ word \in Words(s)
    /\ journal' = By(Operator, [Entered(s, word) EXCEPT !.stuck = NotStuck,
                                                       !.maybe = @ \ {s},
                                                       !.tries[s] = IF word = "failed" THEN 0 ELSE @,
                                                       !.undos[s] = IF word = "undo failed" THEN 0 ELSE @])
    /\ runs' = RunsAfterClosing(s, "operator")
    /\ world' = IF word = "undo failed" THEN world
                ELSE [world EXCEPT !.ran[s] = IF word = "done" THEN 1 ELSE 0,
                                   !.began[s] = 0,
                                   !.stands[s] = word = "done",
                                   !.stray = StrayAfterClosing(s, "operator")]
    /\ helps' = helps + 1
    /\ UNCHANGED cancelled

Resolve ==
    /\ ~Ended /\ helps < MaxHelps
    /\ ResolveGuard
    /\ journal' = By(Operator, [journal EXCEPT !.mode = "resolved", !.stuck = NotStuck])
    /\ runs' = AllFencedOff
    /\ helps' = helps + 1
    /\ UNCHANGED <<cancelled, world>>

\* A saga that is stuck at no step is driven again.
Retry ==
    /\ journal.stuck = AtNoStep /\ helps < MaxHelps
    /\ journal' = By(Operator, [journal EXCEPT !.stuck = NotStuck])
    /\ helps' = helps + 1
    /\ UNCHANGED <<runs, cancelled, world>>

EndUnbegun ==
    /\ TakeGuard /\ journal.mode = "running"
    /\ AskedGuard /\ UnbegunGuard
    /\ journal' = By(Operator, [journal EXCEPT !.mode = "compensated"])
    /\ runs' = AllFencedOff
    /\ UNCHANGED <<cancelled, helps, world>>

StopUndriven ==
    /\ Strangers /\ TakeGuard
    /\ OverdueGuard /\ \E s \in Steps : ~Is(s, {"waiting"})
    /\ journal' = By(Operator, [journal EXCEPT !.stuck = AtNoStep])
    /\ runs' = AllFencedOff
    /\ UNCHANGED <<cancelled, helps, world>>

Take(c) ==
    /\ TakeGuard
    /\ \E counts \in CountedBy :
           runs' = Append([r \in Runs |-> IF Lives(r) THEN FencedOff(runs[r]) ELSE runs[r]],
                          [who |-> c, life |-> "running", counts |-> counts, hand |-> [s \in Steps |-> "none"]])
    /\ UNCHANGED <<journal, cancelled, helps, world>>

(***************************************************************************)
(* Environment                                                             *)
(***************************************************************************)
Losable == Epoch < MaxClaims

RunOut ==
    /\ Losable /\ Held /\ Running(Epoch)
    /\ runs' = [runs EXCEPT ![Epoch].life = "past"]
    /\ UNCHANGED <<journal, cancelled, helps, world>>

\* The run ends between two entries, and releases the claim.
Leave(r) ==
    /\ Losable /\ Writes(r) /\ ~Ended
    /\ \A s \in Steps : InHand(r, s) = "none"
    /\ runs' = [runs EXCEPT ![r].life = "over"]
    /\ UNCHANGED <<journal, cancelled, helps, world>>

\* The process loses all its state. It starts again, and can take over the saga again.
Crash(c) ==
    /\ Losable
    /\ \E r \in Runs : runs[r].who = c /\ runs[r].life \in {"running", "past"}
    /\ runs' = [r \in Runs |->
           IF runs[r].who # c THEN runs[r]
           ELSE [runs[r] EXCEPT !.life = IF @ \in {"running", "past"} THEN "dead" ELSE @,
                                !.hand = [s \in Steps |-> "none"]]]
    /\ UNCHANGED <<journal, cancelled, helps, world>>

(***************************************************************************)
(* Specification                                                           *)
(***************************************************************************)
Init ==
    /\ runs = <<>>
    /\ journal =
           [mode |-> "running", stuck |-> NotStuck, order |-> <<>>, maybe |-> {}, by |-> Operator,
            at |-> [s \in Steps |-> "waiting"], under |-> [s \in Steps |-> 0],
            tries |-> [s \in Steps |-> 0], undos |-> [s \in Steps |-> 0]]
    /\ cancelled = FALSE
    /\ helps = 0
    /\ world =
           [ran |-> [s \in Steps |-> 0], began |-> [s \in Steps |-> 0],
            stands |-> [s \in Steps |-> FALSE], stray |-> {}]

Next ==
    \/ \E r \in Runs, s \in Steps : Intent(r, s)
    \/ \E r \in Runs, s \in Steps : Call(r, s)
    \/ \E r \in Runs, s \in Steps : Lose(r, s)
    \/ \E s \in Steps : Arrive(s)
    \/ \E r \in Runs, s \in Steps : Report(r, s)
    \/ \E r \in Runs, s \in Steps : Ask(r, s)
    \/ \E r \in Runs, s \in Steps : TryStore(r, s)
    \/ \E r \in Runs, s \in Steps : StoreStep(r, s)
    \/ \E r \in Runs, s \in Steps : FailStore(r, s)
    \/ \E r \in Runs, s \in Steps : BreakStore(r, s)
    \/ \E r \in Runs, s \in Steps : HaltStore(r, s)
    \/ \E r \in Runs : TurnBack(r)
    \/ \E r \in Runs, s \in Steps : Undo(r, s)
    \/ \E r \in Runs, s \in Steps : CallUndo(r, s)
    \/ \E r \in Runs, s \in Steps : TryStoreUndo(r, s)
    \/ \E r \in Runs, s \in Steps : StoreUndo(r, s)
    \/ \E r \in Runs, s \in Steps : FailUndo(r, s)
    \/ \E r \in Runs, s \in Steps : Stop(r, s)
    \/ \E r \in Runs : Finish(r)
    \/ Cancel
    \/ \E s \in Steps : \E word \in Words(s) : Help(s, word)
    \/ Retry
    \/ Resolve
    \/ EndUnbegun
    \/ StopUndriven
    \/ \E c \in Coordinators : Take(c)
    \/ \E r \in Runs : Leave(r)
    \/ RunOut
    \/ \E c \in Coordinators : Crash(c)

\* A live run within its lease takes its steps. A saga without a holder is taken over. Zombies, pending calls and
\* operators have no fairness.
Numbers == 1 .. MaxClaims + MaxHelps
IntentFairness == \A r \in Numbers : WF_vars(Running(r) /\ \E s \in Steps : Intent(r, s) \/ Undo(r, s))
CallFairness == \A r \in Numbers : WF_vars(Running(r) /\ \E s \in Steps : Call(r, s) \/ Lose(r, s) \/ CallUndo(r, s))
ReportFairness == \A r \in Numbers : WF_vars(Running(r) /\ \E s \in Steps : Report(r, s))
AskFairness == \A r \in Numbers : WF_vars(Running(r) /\ \E s \in Steps : Ask(r, s))
StoreFairness == \A r \in Numbers : WF_vars(Running(r) /\ \E s \in Steps : TryStore(r, s) \/ AfterTry(r, s))
StoreUndoFairness == \A r \in Numbers : WF_vars(Running(r) /\ \E s \in Steps : TryStoreUndo(r, s) \/ StoreUndo(r, s) \/ FailUndo(r, s))
TurnFairness == \A r \in Numbers : WF_vars(Running(r) /\ TurnBack(r))
StopFairness == \A r \in Numbers : WF_vars(Running(r) /\ \E s \in Steps : Stop(r, s))
FinishFairness == \A r \in Numbers : WF_vars(Running(r) /\ Finish(r))
TakeFairness == WF_vars(\E c \in Coordinators : Take(c))

Safety == Init /\ [][Next]_vars
Spec ==
    /\ Safety
    /\ IntentFairness /\ CallFairness /\ ReportFairness /\ AskFairness /\ StoreFairness /\ StoreUndoFairness
    /\ TurnFairness /\ StopFairness /\ FinishFairness /\ TakeFairness

Symmetry == Permutations(Coordinators)

(***************************************************************************)
(* Invariants                                                              *)
(***************************************************************************)
StatesForward == {"waiting", "started", "unclear", "untold", "tried", "failed", "spent", "done", "left"}
StatesBack == {"undoing", "undo failed", "kept", "undone"}

TypeOK ==
    /\ journal.mode \in {"running", "compensating", "completed", "compensated", "resolved"}
    /\ journal.at \in [Steps -> StatesForward \cup StatesBack]
    /\ journal.maybe \subseteq Steps
    /\ ToUndo \subseteq Steps /\ Cardinality(ToUndo) = Len(journal.order)
    /\ \A r \in Runs : runs[r].life \in {"running", "past", "dead", "over"}
    /\ journal.stuck \in Steps \cup {NotStuck, AtNoStep}
    /\ \A r \in Runs : runs[r].counts \subseteq Stores
    /\ \A r \in Runs : runs[r].hand \in
           [Steps -> {"none", "trying", "broken", "to do", "did", "did not", "unclear",
                      "to undo", "undid", "undid not"}]

\* The effect of a store step exists if and only if the journal has the step as done and not yet compensated.
StoreStepsExactlyOnce ==
    \A s \in Stores : world.ran[s] <= 1 /\ (world.stands[s] <=> Is(s, {"done", "undoing", "undo failed", "kept"}))

\* An external action is executed at most once per journaled intent.
IntentBeforeEffect == \A s \in Outside : world.ran[s] <= journal.tries[s]

\* An external step that is not idempotent is executed at most once.
AtMostOnce == \A s \in Outside \ Idempotent : world.ran[s] <= 1

\* A step that is journaled as done was executed.
DoneImpliesExecuted == \A s \in Steps : Is(s, {"done"}) => world.ran[s] > 0

\* Attempts at each step are bounded; an operator's retry starts the count over.
BoundedAttempts == \A s \in Steps : journal.tries[s] <= MaxTries /\ journal.undos[s] <= MaxUndos

\* The function of a store step starts at most once more than that: in the attempt that has no entry. Attempts that were
\* halted because the saga must roll back are not counted.
BoundedFunctionStarts == \A s \in Stores : world.began[s] <= MaxTries + 1

\* Nothing is compensated once a pivot has taken effect, even if the journal does not know it.
NoRollbackAfterPivot ==
    \A p \in Pivots : world.stands[p] => journal.mode \notin {"compensating", "compensated"}

CompletedImpliesAllDone == journal.mode = "completed" => \A s \in Steps : Is(s, {"done", "left"})

\* A compensated saga leaves no effect, then or later.
CompensationComplete == journal.mode = "compensated" => \A s \in Steps : ~world.stands[s]

\* A stuck saga has no claim, so an operator can act on it.
StuckSagaUnclaimed == journal.stuck # NotStuck => ~Held

(***************************************************************************)
(* Properties of steps                                                     *)
(***************************************************************************)

\* Each entry is made by an operator, or by the coordinator that holds the claim. So all entries of one epoch are by one
\* coordinator, and epochs in the journal never fall.
ZombiesAreFenced ==
    [][journal' # journal =>
           journal'.by = Operator \/ (journal'.by = Epoch /\ runs[Epoch].life \in {"running", "past"})]_vars

\* No other process takes the saga from a live coordinator within its lease, or makes an entry beside it.
NoPreemption ==
    [][Len(runs') > Len(runs) \/ (journal' # journal /\ journal'.by = Operator) =>
           (Held => runs[Epoch].life # "running")]_vars

NoChangeAfterEnd == [][Ended => UNCHANGED <<journal, cancelled>> /\ Len(runs') = Len(runs)]_vars

\* An unknown outcome is resolved only by an operator or a true answer of a probe. An idempotent step may be attempted
\* again, and a step that is safe in doubt compensated.
NoGuessedOutcome ==
    [][\A s \in Steps : Unknown(s) /\ journal'.at[s] # journal.at[s] =>
           \/ journal'.by = Operator
           \/ s \in Probed /\ journal'.at[s] = "untold"
           \/ s \in Probed /\ journal'.at[s] \in (IF world.ran[s] > 0 THEN {"done"} ELSE {"failed", "spent"})
           \/ s \in Idempotent /\ journal'.at[s] = "started"
           \/ s \in SafeToUndo /\ journal'.at[s] = "undoing"]_vars

IsToBeUndone(s) == journal.at[s] \in StatesForward /\ journal'.at[s] \in StatesBack

\* Only steps that were done are compensated, and steps in doubt if that is safe.
CompensationMinimal ==
    [][\A s \in Steps : IsToBeUndone(s) =>
           Is(s, {"done"}) \/ (InDoubt(s) /\ s \in SafeToUndo)]_vars

\* A step is compensated only after all steps that were done after it.
InReverseOrder ==
    [][\A s \in Steps : IsToBeUndone(s) =>
           \A i, j \in DOMAIN journal.order :
               journal.order[i] = s /\ i < j => Is(journal.order[j], {"undone"})]_vars

\* No step starts before the groups before it are done.
StepsInOrder ==
    [][\A s \in Steps : Is(s, {"waiting"}) /\ journal'.at[s] # "waiting" =>
           \A t \in Steps : Group(t) < Group(s) => Is(t, {"done", "left"})]_vars

\* A saga becomes stuck only if it can neither continue nor roll back, or if its end was requested and no process
\* can drive it.
StuckOnlyWhenUnresolved ==
    [][journal.stuck = NotStuck /\ journal'.stuck # NotStuck =>
           IF journal'.stuck = AtNoStep THEN cancelled ELSE Hopeless(journal'.stuck)]_vars

\* The saga rolls back only after a cancel, or if a step will not be done.
RollbackOnlyOnFailure ==
    [][journal.mode = "running" /\ journal'.mode \in {"compensating", "compensated"} =>
           cancelled \/ \E s \in Steps : Is(s, {"spent"}) \/ Untellable(s)]_vars

\* After a cancel, and unless a pivot is done, no step starts and the saga is not completed.
CancelHonoured ==
    [][cancelled /\ ~PivotDone =>
           /\ journal'.mode # "completed"
           /\ \A s \in Steps :
                  Is(s, {"waiting", "failed"}) /\ ~InDoubt(s) => journal'.at[s] \notin {"started", "done"}]_vars

\* Every saga eventually ends, or waits for an operator.
EverySagaEnds == ~Ended /\ journal.stuck = NotStuck ~> Ended \/ journal.stuck # NotStuck

=============================================================================
