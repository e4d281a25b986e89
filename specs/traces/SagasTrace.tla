----------------------------- MODULE SagasTrace -----------------------------
(***************************************************************************)
(* Checks whether Sagas allows a recorded trace; see FencedCommitTrace.    *)
(*                                                                         *)
(* A trace is the history of one saga: its takeovers, the entries in its   *)
(* journal with their claims, fenced entries, and cancel requests. No line *)
(* records an event outside the store, the expiry of a lease or the death  *)
(* of a process. The checker looks for these if the next line may depend   *)
(* on them: calls of the step of that line, and the loss of a claim before *)
(* the next grant.                                                         *)
(*                                                                         *)
(* Three more steps have no line. A probe that cannot tell makes no entry; *)
(* the checker tries it before a line that needs it. The function of a     *)
(* store step may start without an entry. The checker tries that before    *)
(* each line, since the line may prevent later starts. The last attempt    *)
(* may break before the saga becomes stuck.                                *)
(*                                                                         *)
(* The actions in the code: the lines are written by commit.ProtocolTrace  *)
(* in package dev.fencepost.internal. The only property checked is         *)
(* NotAtTheEnd, which the end of an accepted trace violates.               *)
(*                                                                         *)
(* Left out: decisions of operators, and tasks of other agents.            *)
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
(* Steps with a line                                                       *)
(***************************************************************************)
Becomes(s, states) == journal'.by = Line.run /\ journal'.at[s] \in states

Reports(r, s) == FenceGuard(r) /\ Report(r, s)

\* The process that started the saga may have died before it claimed the saga. Then the first run counts attempts like
\* a later one.
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

\* An entry was refused because its claim was lost.
FencedLine ==
    /\ IsLine /\ Line.did = "fenced"
    /\ Line.run \in Runs /\ ~FenceGuard(Line.run)
    /\ UNCHANGED vars
    /\ Told

(***************************************************************************)
(* Steps without a line                                                    *)
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
