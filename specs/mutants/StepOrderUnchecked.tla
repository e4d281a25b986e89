---- MODULE StepOrderUnchecked ----
\* A step does not wait for earlier groups.
EXTENDS Sagas

AtOnce(s) == TRUE
====
