------------------------------- MODULE Sagas --------------------------------
(***************************************************************************)
(* Sagas: steps, each with its compensation, that are done one after the   *)
(* other or side by side, and a journal that outlives every process.       *)
(*                                                                         *)
(* A coordinator has the saga's claim, and each entry that it makes in the *)
(* journal is a commit under that claim. What a claim is worth is said in  *)
(* FencedCommit. Here the claims on one saga are numbered, the number is   *)
(* the epoch, and the latest is the present one. A run is what one         *)
(* coordinator does under one claim. When it dies or stalls, another takes *)
(* the saga, reads the journal anew and goes on. The run before may still  *)
(* be under way: it is a zombie, which writes nothing any more, but may    *)
(* yet do outside what it meant to do. The journal stands here as what it  *)
(* folds to: the state of the saga and of each step.                       *)
(*                                                                         *)
(* A store step is values in the store, committed together with the entry  *)
(* that it is done: it takes effect once. Its function runs before that,   *)
(* and whether it may still be done is judged in the commit. That it       *)
(* failed may be said later than that: the attempt began in time, and has  *)
(* changed nothing. A run that takes a saga over journals the beginning of *)
(* each attempt at the store steps that come next, since the run before    *)
(* may have died in one. So a step that ends its process is not tried      *)
(* without end. A last attempt may break: an error, or the end of its      *)
(* process, says nothing of the step, and the saga waits for an operator.  *)
(* An outside step has an intent, journaled before the action; then the    *)
(* action, which is a call to somebody outside; then the outcome. No crash *)
(* undoes what was done outside. A call may be on its way for a long time, *)
(* also when nobody waits for it any more. So an intent without an outcome *)
(* leaves the step in doubt, and what is then done is the step's own       *)
(* choice:                                                                 *)
(*   Probed      somebody can be asked whether it happened. The answer     *)
(*               'it did not' must be final: no call of the attempts so    *)
(*               far may take effect after it.                             *)
(*   Idempotent  it is run again, under the same idempotency key. The key  *)
(*               must be remembered, also when the step was compensated:   *)
(*               a call that comes later has no effect.                    *)
(*   neither     nothing is done with it.                                  *)
(* Of its compensation a step may say that it is safe (SafeToUndo) when    *)
(* nobody knows whether the action happened. Then it must also bar the     *)
(* action: a call that comes after the compensation has no effect. These   *)
(* three demands are made on who is outside. The mutants of 'ClosedBy' and *)
(* 'StandsAfterCall' show what happens where one is not met.               *)
(*                                                                         *)
(* What is promised. A store step takes effect once. An outside step is    *)
(* called at most as often as intents were journaled, always under one     *)
(* key; once, if it is not idempotent. A saga that is 'compensated' leaves *)
(* nothing behind. What is not promised: that a zombie calls nobody. It    *)
(* may, after another has taken the saga, and after the saga has ended.    *)
(*                                                                         *)
(* A failure says that this attempt did not happen. It says nothing of an  *)
(* attempt before it that is in doubt. So the doubt stays until the step   *)
(* is done, and with it the question whether it has to be compensated.     *)
(*                                                                         *)
(* A run may end between two entries, and leave the saga to the next: when *)
(* its store closes, or when the saga waits for another agent. A process   *)
(* that does not know the definition of a saga leaves it alone, unless it  *)
(* should have ended long ago. Then such a process ends it, if no step has *)
(* begun, and leaves it to an operator otherwise. An operator may end a    *)
(* saga that is stuck, or that no live process coordinates.                *)
(*                                                                         *)
(* Whoever turns back, or gives the saga to the operator, first lets end   *)
(* what is under way beside it. Otherwise a step, a pivot even, may come   *)
(* to be done when the steps before it are undone already.                 *)
(*                                                                         *)
(* The operator's word is taken for true: who says 'run it again' or       *)
(* 'leave it out' has seen to it that nothing stands of it, and that       *)
(* nothing is on its way.                                                  *)
(*                                                                         *)
(* Each entry is one commit. Which they are: Intent and Undo (of outside   *)
(* steps), Report (the outcome of either), Ask (the answer of a probe),    *)
(* StoreStep, FailStore, StoreUndo, FailUndo; TurnBack, Stop and Finish;   *)
(* Cancel, by anybody; Help, Retry and Resolve, by an operator; EndUnbegun *)
(* and StopUndriven, by a process that only ends the saga. TryStore and    *)
(* TryStoreUndo are entries where the beginning is journaled. TryStore,    *)
(* BreakStore and HaltStore begin and give up the function of a store      *)
(* step. Call, Lose, Arrive and CallUndo are what happens outside. Hidden: *)
(* RunOut (a lease ends), Crash (of a process, which starts anew) and      *)
(* Leave.                                                                  *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets, TLC

CONSTANTS
    Coordinators,
    Steps,        \* 1 .. n, in their order
    Beside,       \* the steps that stand in one group with the step before them
    Stores,       \* the steps whose effect is in the store; all others are outside
    Probed,       \* in doubt, somebody is asked
    Idempotent,   \* in doubt, they are run again
    SafeToUndo,   \* in doubt, they may be compensated
    Pivots,       \* once one is done, nothing is compensated any more
    MaxTries,     \* attempts at a step, until an operator allows more
    MaxUndos,     \* attempts at a compensation, likewise
    Strangers,    \* bound: whether processes look after the saga that do not know its definition
    Cancellable,  \* bound: whether anybody cancels
    MaxClaims,    \* bound: the run of this number is the last to be lost
    MaxHelps      \* bound: entries that an operator makes

VARIABLES
    runs,       \* the claims ever granted, in their order, with what each coordinator has in hand
    journal,    \* what the journal folds to
    cancelled,  \* whether somebody asked to cancel
    helps,      \* how often an operator has helped
    world       \* what was done, in the store and outside, and what is on its way

vars == <<runs, journal, cancelled, helps, world>>
view == <<runs, [journal EXCEPT !.by = 0], cancelled, helps, world>>

\* Where the saga is stuck: at a step, or at none of them.
NotStuck == 0
AtNoStep == Cardinality(Steps) + 1

\* Entries of an operator, and of a process that only ends the saga. Each is made under a claim of its own.
Operator == 0
Outside == Steps \ Stores

ASSUME
    /\ Steps = 1 .. Cardinality(Steps)
    /\ Probed \cup Idempotent \cup SafeToUndo \subseteq Outside
    /\ Probed \cap Idempotent = {}
    \* What cannot be undone cannot be undone in doubt either.
    /\ Pivots \cap SafeToUndo = {}

(***************************************************************************)
(* What the state says                                                     *)
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

\* A store step whose function runs in the present run.
Trying(s) == Epoch > 0 /\ InHand(Epoch, s) = "trying"

\* The beginning of an attempt that this run journaled; a broken attempt, which was the last.
Counted(r, s) == Is(s, {"tried"}) /\ journal.under[s] = r
Broken(s) == Epoch > 0 /\ InHand(Epoch, s) = "broken"

\* An intent without an outcome: under way, or left behind by a run before this one.
UnderWay(s) == Trying(s) \/ (Is(s, {"started", "undoing"}) /\ journal.under[s] = Epoch)
LeftBehind(s) == Is(s, {"started", "undoing"}) /\ journal.under[s] # Epoch

\* Nobody knows what became of the latest attempt, or it failed and nobody knows of one before it.
Unknown(s) == Is(s, {"unclear"}) \/ (Is(s, {"started"}) /\ LeftBehind(s))
InDoubt(s) == Unknown(s) \/ Is(s, {"untold"}) \/ (s \in journal.maybe /\ Is(s, {"failed", "spent"}))

UsedUp(s) == journal.tries[s] >= MaxTries
Untellable(s) ==
    \/ Is(s, {"untold"})
    \/ Unknown(s) /\ s \notin Probed /\ (s \notin Idempotent \/ UsedUp(s))
    \/ InDoubt(s) /\ Is(s, {"spent"})

\* The last attempt in the store broke, or its process ended in it.
BrokenOff(s) == Broken(s) \/ (Is(s, {"tried"}) /\ ~Trying(s) /\ UsedUp(s))

\* The saga turns back: somebody asked for it, or a step will not be done.
LostCause == cancelled \/ \E s \in Steps : Is(s, {"spent"}) \/ (Untellable(s) /\ s \in SafeToUndo)
Turning == journal.mode = "running" /\ ~PivotDone /\ LostCause

\* There is neither a way forward nor a way back past this step.
UndoUsedUp(s) == journal.undos[s] >= MaxUndos
Hopeless(s) ==
    \/ journal.mode = "running" /\ Untellable(s) /\ (s \notin SafeToUndo \/ PivotDone)
    \/ journal.mode = "running" /\ Is(s, {"spent"}) /\ PivotDone
    \/ journal.mode = "running" /\ BrokenOff(s)
    \/ journal.mode = "compensating" /\ (Is(s, {"kept"}) \/ (Is(s, {"undoing"}) /\ LeftBehind(s) /\ UndoUsedUp(s)))

Group(s) == Cardinality({t \in Steps \ Beside : t <= s})
InTheirOrder(steps) == SelectSeq([s \in Steps |-> s], LAMBDA s : s \in steps)
ToUndo == {journal.order[i] : i \in DOMAIN journal.order}

\* What comes next, forward and back.
NextSteps ==
    {s \in Steps : ~Is(s, {"done", "left"}) /\ \A t \in Steps : Group(t) < Group(s) => Is(t, {"done", "left"})}
LastToUndo ==
    {s \in ToUndo : ~Is(s, {"undone"}) /\ \E i \in DOMAIN journal.order :
        journal.order[i] = s /\ \A j \in DOMAIN journal.order : j > i => Is(journal.order[j], {"undone"})}

(***************************************************************************)
(* The rules                                                               *)
(***************************************************************************)

\* An entry is made under the present claim, while it is open.
FenceGuard(r) == r = Epoch /\ Held

\* A saga is taken that has neither ended nor to wait for the operator, and whose claim nobody has, or somebody
\* whose process died, or whose lease is past.
TakeGuard == ~Ended /\ journal.stuck = NotStuck /\ (Held => runs[Epoch].life # "running")

\* A step waits for all steps of the groups before it.
ReadyGuard(s) == \A t \in Steps : Group(t) < Group(s) => Is(t, {"done", "left"})

\* An operator ends a saga that is stuck, or whose claim can be taken.
ResolveGuard == journal.stuck # NotStuck \/ (Held => runs[Epoch].life # "running")

\* A saga is ended at once if its end was asked for and no step has begun. If a step has begun, a process that does
\* not know its definition leaves it to the operator.
AskedGuard == cancelled
UnbegunGuard == \A s \in Steps : Is(s, {"waiting"})
OverdueGuard == cancelled

\* There is a bound on attempts, those without an outcome included.
TriesGuard(s) == ~UsedUp(s)
UndosGuard(s) == ~UndoUsedUp(s)

\* What is unknown is run again only where the step says so.
AgainGuard(s) == Unknown(s) => s \in Idempotent

\* A saga that turns back begins nothing. It still finds out what is in doubt and has to be known.
BeginGuard(s) == ~Turning \/ (InDoubt(s) /\ s \notin SafeToUndo)

\* The action is run when its intent is in the journal.
IntentGuard(r, s) == InHand(r, s) = "to do"

\* The values of a store step and its entry are one commit.
OneCommitGuard(wrote, entered) == wrote = entered

\* To turn back there must be a reason, no pivot may be done, and nothing may be open that has to be known first.
CauseGuard == LostCause
PivotGuard == ~PivotDone
SettledGuard == \A s \in Steps : ~UnderWay(s)
KnownGuard == \A s \in Steps : InDoubt(s) => s \in SafeToUndo

\* The latest first.
ReverseGuard(s) ==
    \E i \in DOMAIN journal.order :
        journal.order[i] = s /\ \A j \in DOMAIN journal.order : j > i => Is(journal.order[j], {"undone"})

\* The operator is asked only where there is no other way.
HopelessGuard(s) == Hopeless(s)

\* A saga is completed when all steps are done, unless it has to turn back. It is compensated when all that needs it
\* is undone.
CompletedGuard == \A s \in Steps : Is(s, {"done", "left"})
HeedGuard == ~Turning
CompensatedGuard == \A s \in ToUndo : Is(s, {"undone"})

\* What has ended cannot be cancelled.
CancelGuard == ~Ended

(***************************************************************************)
(* The effects                                                             *)
(***************************************************************************)

\* A call under a key that is known already changes nothing.
StandsAfterCall(s) == IF s \in Idempotent /\ world.ran[s] > 0 THEN world.stands[s] ELSE TRUE

\* The answer of a probe and the operator's word are final, and so is a compensation that is safe in doubt: what is on
\* its way has no effect any more.
ClosedBy(what, s) == what \in {"answer", "operator"} \/ (what = "compensation" /\ s \in SafeToUndo)

RunsAfterClosing(s, by) ==
    [r \in Runs |->
        IF ClosedBy(by, s) /\ InHand(r, s) = "to do" THEN [runs[r] EXCEPT !.hand[s] = "none"] ELSE runs[r]]
StrayAfterClosing(s, by) == IF ClosedBy(by, s) THEN world.stray \ {s} ELSE world.stray

\* A failure does not end the doubt about an attempt before it.
DoubtAfter(s) == IF Unknown(s) THEN journal.maybe \cup {s} ELSE journal.maybe

\* The steps in the store that the run before may have begun without an entry. The first run has none before it.
MayHaveBegun == Stores \cap (IF journal.mode = "running" THEN NextSteps ELSE LastToUndo)
CountedBy == {IF Epoch = 0 THEN {} ELSE MayHaveBegun}

\* What the journal says when an attempt has failed, which may be for good.
AfterFailure(s, tries) == IF tries < MaxTries THEN "failed" ELSE "spent"
AfterAttempt(s, tries) == {"spent", AfterFailure(s, tries)}
AfterFailedUndo(s, undos) == IF undos < MaxUndos THEN "undo failed" ELSE "kept"

\* An action tells its outcome, or that it does not know it.
Outcomes(s, hand) ==
    CASE hand = "did" -> {"done"}
      [] hand = "did not" -> AfterAttempt(s, journal.tries[s])
      [] hand = "unclear" -> {"unclear"}
      [] hand = "undid" -> {"undone"}
      [] hand = "undid not" -> {AfterFailedUndo(s, journal.undos[s])}

\* What is answered to whoever asks, besides that it cannot be told.
Answers(s) == IF world.ran[s] > 0 THEN "done" ELSE AfterFailure(s, journal.tries[s])

\* Those in doubt are compensated as if they had been the last to be done.
AlsoToUndo == {s \in Steps : InDoubt(s)}

\* What a run has begun in the store is rolled back. What it means to do outside it may still do.
FencedOff(run) ==
    [run EXCEPT !.life = "over",
                !.hand = [s \in Steps |-> IF @[s] \in {"trying", "broken"} THEN "none" ELSE @[s]]]
AllFencedOff == [r \in Runs |-> FencedOff(runs[r])]

\* Whoever ends a saga, or leaves it to the operator, releases the claim.
LifeAfter(entry) == IF entry \in {"end", "stuck"} THEN "over" ELSE "running"

Entered(s, state) ==
    [journal EXCEPT !.at[s] = state,
                    !.under[s] = 0,
                    !.maybe = IF state = "done" THEN @ \ {s} ELSE @,
                    !.order = IF state = "done" THEN Append(@, s) ELSE @]

\* Attempts that are not journaled when they begin are counted by their outcome.
TriesAfter(r, s) == journal.tries[s] + (IF Counted(r, s) THEN 0 ELSE 1)
UndosAfter(r, s) == journal.undos[s] + (IF Is(s, {"undoing"}) /\ journal.under[s] = r THEN 0 ELSE 1)

By(who, entry) == [entry EXCEPT !.by = who]

Hand(r, s, what) == [runs EXCEPT ![r].hand[s] = what]
Happened(s) == [world EXCEPT !.ran[s] = @ + 1, !.stands[s] = StandsAfterCall(s)]

(***************************************************************************)
(* Forward                                                                 *)
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

\* Whoever called does not know what became of it. The call is on its way, and arrives at any time, or never.
Lose(r, s) ==
    /\ Lives(r) /\ InHand(r, s) = "to do"
    /\ runs' = Hand(r, s, "unclear")
    /\ world' = [world EXCEPT !.stray = @ \cup {s}]
    /\ UNCHANGED <<journal, cancelled, helps>>

Arrive(s) ==
    /\ s \in world.stray
    /\ world' = [Happened(s) EXCEPT !.stray = @ \ {s}]
    /\ UNCHANGED <<runs, journal, cancelled, helps>>

\* Whoever is fenced learns it now, and gives up what it had in hand.
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

\* Its function begins, where nothing speaks against it yet. A later run knows of it only where that is journaled.
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

\* Also when the saga turns back meanwhile.
FailStore(r, s) ==
    /\ Writes(r) /\ journal.mode = "running"
    /\ InHand(r, s) = "trying"
    /\ \E state \in AfterAttempt(s, TriesAfter(r, s)) :
           journal' = By(r, [Entered(s, state) EXCEPT !.tries[s] = TriesAfter(r, s)])
    /\ runs' = Hand(r, s, "none")
    /\ UNCHANGED <<cancelled, helps, world>>

\* The last attempt breaks. The entry that says so is that of Stop.
BreakStore(r, s) ==
    /\ Writes(r) /\ journal.mode = "running"
    /\ InHand(r, s) = "trying" /\ TriesAfter(r, s) >= MaxTries
    /\ runs' = Hand(r, s, "broken")
    /\ UNCHANGED <<journal, cancelled, helps, world>>

\* The commit is refused, since the saga turns back.
HaltStore(r, s) ==
    /\ Writes(r) /\ InHand(r, s) = "trying"
    /\ ~BeginGuard(s)
    /\ runs' = Hand(r, s, "none")
    /\ world' = [world EXCEPT !.began[s] = @ - 1]
    /\ UNCHANGED <<journal, cancelled, helps>>

AfterTry(r, s) == StoreStep(r, s) \/ FailStore(r, s) \/ BreakStore(r, s) \/ HaltStore(r, s)

(***************************************************************************)
(* Back                                                                    *)
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

\* Its beginning is an entry only where the run before may have begun it too.
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
(* The end, and what is not one                                            *)
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
(* Others                                                                  *)
(***************************************************************************)
Cancel ==
    /\ Cancellable /\ ~cancelled
    /\ CancelGuard
    /\ cancelled' = TRUE
    /\ UNCHANGED <<runs, journal, helps, world>>

\* An operator has the claim for as long as the entry takes. Of the step at which the saga is stuck it says that it is
\* to be run again, that it happened, or that it is to be left out; of a compensation that it is to be run again, or
\* was done by hand. Attempts count anew then.
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
(* What happens to a coordinator without its doing                         *)
(***************************************************************************)
Losable == Epoch < MaxClaims

RunOut ==
    /\ Losable /\ Held /\ Running(Epoch)
    /\ runs' = [runs EXCEPT ![Epoch].life = "past"]
    /\ UNCHANGED <<journal, cancelled, helps, world>>

\* The run ends between two entries, and gives the claim back.
Leave(r) ==
    /\ Losable /\ Writes(r) /\ ~Ended
    /\ \A s \in Steps : InHand(r, s) = "none"
    /\ runs' = [runs EXCEPT ![r].life = "over"]
    /\ UNCHANGED <<journal, cancelled, helps, world>>

\* All that the process had in hand is gone. It starts anew, and can take the saga again.
Crash(c) ==
    /\ Losable
    /\ \E r \in Runs : runs[r].who = c /\ runs[r].life \in {"running", "past"}
    /\ runs' = [r \in Runs |->
           IF runs[r].who # c THEN runs[r]
           ELSE [runs[r] EXCEPT !.life = IF @ \in {"running", "past"} THEN "dead" ELSE @,
                                !.hand = [s \in Steps |-> "none"]]]
    /\ UNCHANGED <<journal, cancelled, helps, world>>

(***************************************************************************)
(* The whole                                                               *)
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

\* A run that is neither dead nor past its lease goes on, and what it has in hand it does. A saga that nobody
\* has is taken. Nothing is assumed of zombies, nor of calls on their way, nor of operators.
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
(* The laws, as what must hold in every state ...                          *)
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

\* The values of a store step are there when and only when the journal says that it is done.
StoreStepsTakeEffectOnce ==
    \A s \in Stores : world.ran[s] <= 1 /\ (world.stands[s] <=> Is(s, {"done", "undoing", "undo failed", "kept"}))

\* Nobody outside is called more often than the journal knows of.
IntentBeforeEffect == \A s \in Outside : world.ran[s] <= journal.tries[s]

\* What a step does not allow to be done again is not done again, whatever was lost.
NothingIsDoneTwice == \A s \in Outside \ Idempotent : world.ran[s] <= 1

\* What the journal says to be done was done.
DoneMeansDone == \A s \in Steps : Is(s, {"done"}) => world.ran[s] > 0

\* Each step is tried so many times, and as often anew each time that an operator says so.
AttemptsHaveABound == \A s \in Steps : journal.tries[s] <= MaxTries /\ journal.undos[s] <= MaxUndos

\* The function of a step in the store begins once more than that at most: in the attempt that no entry tells of.
\* Attempts that were halted, since the saga turned back, are not counted.
FunctionsHaveABound == \A s \in Stores : world.began[s] <= MaxTries + 1

\* Nothing is compensated once a pivot is done, also one of which nobody knows that it is.
OnlyForwardAfterThePivot ==
    \A p \in Pivots : world.stands[p] => journal.mode \notin {"compensating", "compensated"}

CompletedMeansAll == journal.mode = "completed" => \A s \in Steps : Is(s, {"done", "left"})

\* Whatever is compensated leaves nothing behind, neither then nor later.
NothingIsLeftBehind == journal.mode = "compensated" => \A s \in Steps : ~world.stands[s]

\* What is stuck is free for the operator.
AStuckSagaIsFree == journal.stuck # NotStuck => ~Held

(***************************************************************************)
(* ... and of every step.                                                  *)
(***************************************************************************)

\* Each entry is the operator's, or that of the coordinator who has the claim. So all entries of one epoch are of
\* one coordinator, and no epoch comes after a later one.
AFencedCoordinatorWritesNothing ==
    [][journal' # journal =>
           journal'.by = Operator \/ (journal'.by = Epoch /\ runs[Epoch].life \in {"running", "past"})]_vars

\* No other takes the saga from a coordinator that lives and renews its lease, nor makes an entry beside it.
ALiveCoordinatorIsLeftAlone ==
    [][Len(runs') > Len(runs) \/ (journal' # journal /\ journal'.by = Operator) =>
           (Held => runs[Epoch].life # "running")]_vars

NothingAfterTheEnd == [][Ended => UNCHANGED <<journal, cancelled>> /\ Len(runs') = Len(runs)]_vars

\* Out of doubt there are these ways, and no others: the operator, an answer that is true, another attempt where the
\* step allows it, a compensation where the step allows it.
UnknownIsNeverGuessed ==
    [][\A s \in Steps : Unknown(s) /\ journal'.at[s] # journal.at[s] =>
           \/ journal'.by = Operator
           \/ s \in Probed /\ journal'.at[s] = "untold"
           \/ s \in Probed /\ journal'.at[s] \in (IF world.ran[s] > 0 THEN {"done"} ELSE {"failed", "spent"})
           \/ s \in Idempotent /\ journal'.at[s] = "started"
           \/ s \in SafeToUndo /\ journal'.at[s] = "undoing"]_vars

IsToBeUndone(s) == journal.at[s] \in StatesForward /\ journal'.at[s] \in StatesBack

\* What was done is compensated, and what may have been done where the step allows it; nothing else.
CompensatedAreThoseThatNeedIt ==
    [][\A s \in Steps : IsToBeUndone(s) =>
           Is(s, {"done"}) \/ (InDoubt(s) /\ s \in SafeToUndo)]_vars

\* Nothing is compensated before what was done after it.
InReverseOrder ==
    [][\A s \in Steps : IsToBeUndone(s) =>
           \A i, j \in DOMAIN journal.order :
               journal.order[i] = s /\ i < j => Is(journal.order[j], {"undone"})]_vars

\* No step begins before the groups before it are done.
StepsInTheirOrder ==
    [][\A s \in Steps : Is(s, {"waiting"}) /\ journal'.at[s] # "waiting" =>
           \A t \in Steps : Group(t) < Group(s) => Is(t, {"done", "left"})]_vars

\* What becomes stuck does so for a reason that can be named.
StuckForAReason ==
    [][journal.stuck = NotStuck /\ journal'.stuck # NotStuck =>
           IF journal'.stuck = AtNoStep THEN cancelled ELSE Hopeless(journal'.stuck)]_vars

\* The saga turns back when somebody asked for it, or when a step will not be done.
NotGivenUpLightly ==
    [][journal.mode = "running" /\ journal'.mode \in {"compensating", "compensated"} =>
           cancelled \/ \E s \in Steps : Is(s, {"spent"}) \/ Untellable(s)]_vars

\* Once somebody has asked for it, nothing begins that a pivot does not demand, and the saga is not completed.
ACancelIsHeeded ==
    [][cancelled /\ ~PivotDone =>
           /\ journal'.mode # "completed"
           /\ \A s \in Steps :
                  Is(s, {"waiting", "failed"}) /\ ~InDoubt(s) => journal'.at[s] \notin {"started", "done"}]_vars

\* A saga ends, or waits for the operator.
EverySagaEnds == ~Ended /\ journal.stuck = NotStuck ~> Ended \/ journal.stuck # NotStuck

=============================================================================
