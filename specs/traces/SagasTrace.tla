---------------------------- MODULE SagasTrace ------------------------------
(***************************************************************************)
(* Whether Sagas allows what really happened; see FencedCommitTrace.       *)
(*                                                                         *)
(* A trace is the story of one saga: who took it, which entries were made  *)
(* in its journal under which claim, who was fenced, and who asked for its *)
(* end. Nothing tells what happens outside, and that a lease runs out, or  *)
(* a process dies. The checker looks for it, where the next line may rest  *)
(* on it: calls of the step that the line is about, and the loss of a      *)
(* claim before another is granted. That a probe cannot tell is no entry   *)
(* in the journal; it is looked for before what only it explains. Nor is   *)
(* it told when the function of a step in the store begins, where that is  *)
(* not journaled; it may be before a line that keeps later ones from       *)
(* beginning. Nor that a last attempt broke, before the saga is stuck.     *)
(***************************************************************************)
EXTENDS Sagas, TraceData

VARIABLES bundle, trace, line

traceVars == <<vars, bundle, trace, line>>
traceView == <<view, bundle, trace, line>>

NoSymmetry == {}

Traces == Bundles[bundle]
Line == Traces[trace][line]
IsLine == trace <= Len(Traces) /\ line <= Len(Traces[trace])
IsEntry == IsLine /\ Line.did = "entry"

Told == line' = line + 1 /\ UNCHANGED <<bundle, trace>>
Untold == UNCHANGED <<bundle, trace, line>>

(***************************************************************************)
(* What the lines tell                                                     *)
(***************************************************************************)
Becomes(s, states) == journal'.by = Line.run /\ journal'.at[s] \in states

Reports(r, s) == FenceGuard(r) /\ Report(r, s)

\* The process that began the saga may have died before it took it. Then the first run counts like any other.
CountedByAny == {MayHaveBegun} \cup (IF Epoch = 0 THEN {{}} ELSE {})

IsCounted(r, s) == s \in runs[r].counts

EntryLine ==
    /\ IsEntry
    /\ LET r == Line.run
           s == Line.step
       IN  /\ r \in Runs
           /\ CASE Line.kind = "started" ->
                       /\ Intent(r, s) \/ (TryStore(r, s) /\ IsCounted(r, s))
                       /\ journal'.tries[s] = Line.attempt
                [] Line.kind = "done" -> (Reports(r, s) \/ Ask(r, s) \/ StoreStep(r, s)) /\ Becomes(s, {"done"})
                [] Line.kind = "failed" ->
                       /\ Reports(r, s) \/ FailStore(r, s)
                       /\ journal'.tries[s] = Line.attempt
                       /\ Becomes(s, {AfterFailure(s, Line.attempt)})
                [] Line.kind = "refused" -> (Reports(r, s) \/ FailStore(r, s)) /\ Becomes(s, {"spent"})
                [] Line.kind = "unknown" -> Reports(r, s) /\ Becomes(s, {"unclear"})
                [] Line.kind = "ruled-out" -> Ask(r, s) /\ Becomes(s, {"failed", "spent"})
                [] Line.kind = "compensating" -> TurnBack(r)
                [] Line.kind = "undoing" -> (Undo(r, s) \/ TryStoreUndo(r, s)) /\ journal'.undos[s] = Line.attempt
                [] Line.kind = "undone" -> (Reports(r, s) \/ StoreUndo(r, s)) /\ Becomes(s, {"undone"})
                [] Line.kind = "undo-failed" ->
                       /\ Reports(r, s) \/ FailUndo(r, s)
                       /\ journal'.undos[s] = Line.attempt
                       /\ Becomes(s, {"undo failed", "kept"})
                [] Line.kind = "stuck" -> \E t \in Steps : Stop(r, t)
                [] Line.kind \in {"completed", "compensated"} -> Finish(r) /\ journal'.mode = Line.kind
    /\ Told

TakeLine ==
    /\ IsLine /\ Line.did = "take"
    /\ Take(Line.who) /\ Len(runs') = Line.run
    /\ Told

CancelLine ==
    /\ IsLine /\ Line.did = "cancel"
    /\ Cancel
    /\ Told

\* Somebody wanted to make an entry, and was refused for the claim under which it was to be.
FencedLine ==
    /\ IsLine /\ Line.did = "fenced"
    /\ Line.run \in Runs /\ ~FenceGuard(Line.run)
    /\ UNCHANGED vars
    /\ Told

(***************************************************************************)
(* What no line tells                                                      *)
(***************************************************************************)
HiddenCall ==
    /\ IsEntry /\ Line.step \in Outside
    /\ \E r \in Runs : Call(r, Line.step) \/ Lose(r, Line.step) \/ CallUndo(r, Line.step)
    /\ Untold

HiddenArrive == IsEntry /\ Line.step \in Outside /\ Arrive(Line.step) /\ Untold

HiddenTry == IsLine /\ Epoch > 0 /\ (\E s \in Stores : TryStore(Epoch, s) /\ ~IsCounted(Epoch, s)) /\ Untold

HiddenBreak == IsEntry /\ Line.kind = "stuck" /\ (\E s \in Stores : BreakStore(Epoch, s)) /\ Untold

HiddenAnswer ==
    /\ IsEntry /\ Line.kind \in {"compensating", "stuck"}
    /\ \E s \in Probed : Ask(Line.run, s) /\ journal'.at[s] = "untold"
    /\ Untold

HiddenLoss ==
    /\ IsLine /\ Line.did = "take"
    /\ IF Line.ended = "dead" THEN Held /\ Running(Epoch) /\ Crash(runs[Epoch].who) ELSE RunOut
    /\ Untold

NextTrace ==
    /\ trace <= Len(Traces) /\ line > Len(Traces[trace])
    /\ runs' = <<>>
    /\ journal' =
           [mode |-> "running", stuck |-> NotStuck, order |-> <<>>, maybe |-> {}, by |-> Operator,
            at |-> [s \in Steps |-> "waiting"], under |-> [s \in Steps |-> 0],
            tries |-> [s \in Steps |-> 0], undos |-> [s \in Steps |-> 0]]
    /\ cancelled' = FALSE
    /\ helps' = 0
    /\ world' =
           [ran |-> [s \in Steps |-> 0], began |-> [s \in Steps |-> 0],
            stands |-> [s \in Steps |-> FALSE], stray |-> {}]
    /\ trace' = trace + 1
    /\ line' = 1
    /\ UNCHANGED bundle

TraceInit == Init /\ bundle \in DOMAIN Bundles /\ trace = 1 /\ line = 1

TraceNext ==
    \/ EntryLine \/ TakeLine \/ CancelLine \/ FencedLine
    \/ HiddenCall \/ HiddenArrive \/ HiddenTry \/ HiddenBreak \/ HiddenAnswer \/ HiddenLoss
    \/ NextTrace

TraceSpec == TraceInit /\ [][TraceNext]_traceVars

NotAtTheEnd == trace <= Len(Traces) \/ (PrintT(<<"accepted", bundle>>) /\ FALSE)

=============================================================================
