---- MODULE StepStartedAfterCancel ----
\* A cancelled saga starts its next step.
EXTENDS Sagas

Always(s) == TRUE
====
