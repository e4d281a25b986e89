---- MODULE FailedStepCompensated ----
\* A failed step is compensated with the others.
EXTENDS Sagas

FailedToo == {s \in Steps : InDoubt(s) \/ Is(s, {"failed", "spent"})}
====
