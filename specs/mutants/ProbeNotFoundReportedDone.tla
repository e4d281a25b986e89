---- MODULE ProbeNotFoundReportedDone ----
\* A step that the probe does not know counts as done.
EXTENDS Sagas

Hopefully(s) == "done"
====
