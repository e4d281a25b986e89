---- MODULE CalledBeforeTheIntent ----
\* The action is run first, and its intent journaled afterwards.
EXTENDS Sagas

Before(r, s) ==
    InHand(r, s) = "to do" \/ (Writes(r) /\ Is(s, {"waiting"}) /\ ReadyGuard(s) /\ InHand(r, s) = "none")
====
