---- MODULE ActionBeforeIntent ----
\* The action runs first, and its intent is journaled afterwards.
EXTENDS Sagas

Before(r, s) ==
    InHand(r, s) = "to do" \/ (Writes(r) /\ Is(s, {"waiting"}) /\ ReadyGuard(s) /\ InHand(r, s) = "none")
====
