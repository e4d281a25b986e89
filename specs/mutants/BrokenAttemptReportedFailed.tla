---- MODULE BrokenAttemptReportedFailed ----
\* A saga rolls back because the last attempt at a step broke, although its outcome is open.
EXTENDS Sagas

AlsoBroken == LostCause \/ \E s \in Steps : BrokenOff(s)
====
