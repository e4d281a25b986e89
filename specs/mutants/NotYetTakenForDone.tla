---- MODULE NotYetTakenForDone ----
\* A step of which the probe knows nothing is taken for one that is being done.
EXTENDS Sagas

Hopefully(s) == "done"
====
