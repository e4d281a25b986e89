---- MODULE EndedWithoutCancel ----
\* A saga without a started step is ended although no cancel was requested.
EXTENDS Sagas

Unasked == TRUE
====
