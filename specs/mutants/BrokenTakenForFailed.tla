---- MODULE BrokenTakenForFailed ----
\* A saga turns back since the last attempt at a step broke, which says nothing of the step.
EXTENDS Sagas

AlsoBroken == LostCause \/ \E s \in Steps : BrokenOff(s)
====
