---- MODULE UnknownNotUndone ----
\* Only what is known to be done is compensated.
EXTENDS Sagas

OnlyDone == {}
====
