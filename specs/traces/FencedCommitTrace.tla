------------------------- MODULE FencedCommitTrace --------------------------
(***************************************************************************)
(* Checks whether FencedCommit allows a recorded trace. A store that is    *)
(* opened with tracing records each step in the transaction that does it.  *)
(* So the order of the lines is the order of the commits, and needs no     *)
(* clock. TraceData has the recorded lines; it is generated.               *)
(*                                                                         *)
(* Each action here is an action of FencedCommit, restricted to the next   *)
(* line. The line has the agent, its claims, the keys, the verdict, the    *)
(* versions and epochs before and after, and the claims that ended. The    *)
(* checker finds the steps that have no line: a lease expires, or a        *)
(* process dies. It looks for them only if the next line ends a claim.     *)
(*                                                                         *)
(* The actions in the code: the lines are written by commit.ProtocolTrace  *)
(* in package dev.fencepost.internal. TraceData is made by proof.trace in  *)
(* the tests.                                                              *)
(*                                                                         *)
(* A bundle is a sequence of traces. Each has its own keys and starts from *)
(* the initial state. A bundle is accepted if its end is reachable: then   *)
(* the invariant NotAtTheEnd is violated. That is the only property        *)
(* checked.                                                                *)
(*                                                                         *)
(* Left out: values, and transactions that were refused for what they      *)
(* read.                                                                   *)
(***************************************************************************)
EXTENDS FencedCommit, TraceData

VARIABLES
    bundle,     \* the bundle that is checked
    trace,      \* the index of the current trace in the bundle
    line        \* the index of the next line in the trace

traceVars == <<vars, bundle, trace, line>>

\* The rules read only the latest version, so the view omits earlier versions.
traceView == <<[k \in Keys |-> <<LastVersion(k), Present(k)>>], epoch, claimed, grants, living, bundle, trace, line>>

NoVersionInParticular == -1

\* There are too many agents for a symmetry set.
NoSymmetry == {}

Traces == Bundles[bundle]
Line == Traces[trace][line]
IsLine == trace <= Len(Traces) /\ line <= Len(Traces[trace])

EndedNow == {c \in Claims : Open(c) /\ grants'[c].state \notin {"running", "past"}}

Found == \A k \in DOMAIN Line.found : Line.found[k] = <<LastVersion(k), epoch[k]>>
Left == \A k \in DOMAIN Line.left : Line.left[k] = LastVersion(k)'

Told ==
    /\ said'.verdict = Line.verdict
    /\ EndedNow = DOMAIN Line.ended
    /\ line' = line + 1
    /\ UNCHANGED <<bundle, trace>>

(***************************************************************************)
(* Steps with a line                                                       *)
(***************************************************************************)
CommitLine ==
    /\ IsLine /\ Line.did = "commit"
    /\ Line.who \in living /\ Line.under \subseteq GrantedTo(Line.who)
    /\ Found
    /\ Commit(Line.who, Line.under, Line.writes)
    /\ Left /\ Told

ClaimLine ==
    /\ IsLine /\ Line.did = "claim"
    /\ Line.who \in living
    /\ Claim(Line.who, DOMAIN Line.epochs)
    /\ Line.verdict = "applied" => Line.claim = Len(grants') /\ grants'[Line.claim].epochs = Line.epochs
    /\ Line.verdict # "applied" => \A k \in DOMAIN Line.epochs : epoch[k] = Line.epochs[k]
    /\ Told

RenewLine ==
    /\ IsLine /\ Line.did = "renew"
    /\ Line.who \in living /\ Line.claim \in GrantedTo(Line.who)
    /\ Renew(Line.claim)
    /\ Told

ReleaseLine ==
    /\ IsLine /\ Line.did = "release"
    /\ Line.who \in living /\ Line.claim \in GrantedTo(Line.who)
    /\ Release(Line.claim)
    /\ Told

RevokeLine ==
    /\ IsLine /\ Line.did = "revoke"
    /\ \E k \in Keys : claimed[k] = Line.claim /\ Revoke(k)
    /\ Told

(***************************************************************************)
(* Steps without a line                                                    *)
(***************************************************************************)
HiddenRunOut ==
    /\ IsLine
    /\ \E c \in DOMAIN Line.ended \cap Claims : Line.ended[c] = "past" /\ RunOut(c)
    /\ UNCHANGED <<bundle, trace, line>>

HiddenDie ==
    /\ IsLine
    /\ \E c \in DOMAIN Line.ended \cap Claims :
           Line.ended[c] = "dead" /\ grants[c].holder \in living /\ Die(grants[c].holder)
    /\ UNCHANGED <<bundle, trace, line>>

\* The next trace has other keys, and starts from the initial state.
NextTrace ==
    /\ trace <= Len(Traces) /\ line > Len(Traces[trace])
    /\ history' = [k \in Keys |-> <<>>]
    /\ epoch' = [k \in Keys |-> 0]
    /\ claimed' = [k \in Keys |-> NoClaim]
    /\ grants' = <<>>
    /\ living' = Agents
    /\ said' = Answer("open", {}, {}, "none")
    /\ trace' = trace + 1
    /\ line' = 1
    /\ UNCHANGED bundle

TraceInit == Init /\ bundle \in DOMAIN Bundles /\ trace = 1 /\ line = 1

TraceNext ==
    \/ CommitLine \/ ClaimLine \/ RenewLine \/ ReleaseLine \/ RevokeLine
    \/ HiddenRunOut \/ HiddenDie
    \/ NextTrace

TraceSpec == TraceInit /\ [][TraceNext]_traceVars

\* Prints the accepted bundle, since only some of several bundles may be accepted.
NotAtTheEnd == trace <= Len(Traces) \/ (PrintT(<<"accepted", bundle>>) /\ FALSE)

=============================================================================
