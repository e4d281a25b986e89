------------------------- MODULE FencedCommitTrace --------------------------
(***************************************************************************)
(* Whether FencedCommit allows what really happened. Stores that are       *)
(* opened for it write down each step in the transaction that does it, so  *)
(* the order is that of commits, and needs no clock. TraceData holds what  *)
(* they wrote; it is generated.                                            *)
(*                                                                         *)
(* Each action here is an action of FencedCommit, as it stands there, and  *)
(* says besides that it is what the next line tells: by whom, under which  *)
(* claims, of which keys, how it was judged, which versions and epochs it  *)
(* found and left, and which claims it ended. What nobody writes down is   *)
(* left to the checker to find: that a lease runs out, that a process      *)
(* dies. It is looked for only where the next line ends a claim.           *)
(*                                                                         *)
(* A bundle is some traces in a row, each of keys that have nothing to do  *)
(* with those of the others, and each from the beginning. It is accepted   *)
(* when its end can be reached: then NotAtTheEnd is violated.              *)
(***************************************************************************)
EXTENDS FencedCommit, TraceData

VARIABLES
    bundle,     \* which is looked at
    trace,      \* which of its traces
    line        \* which line of it is next

traceVars == <<vars, bundle, trace, line>>

\* No rule looks further back than to the latest version, so those before it need not tell states apart.
traceView == <<[k \in Keys |-> <<LastVersion(k), Present(k)>>], epoch, claimed, grants, living, bundle, trace, line>>

NoVersionInParticular == -1

\* There are too many agents to count the ways to swap them.
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
(* What the lines tell                                                     *)
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
(* What no line tells                                                      *)
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

\* Other keys, from the beginning.
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

\* Says which, since of several bundles some may be accepted.
NotAtTheEnd == trace <= Len(Traces) \/ (PrintT(<<"accepted", bundle>>) /\ FALSE)

=============================================================================
