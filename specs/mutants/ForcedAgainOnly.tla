---- MODULE ForcedAgainOnly ----
\* Mending forces the log once more, without writing its bytes anew.
EXTENDS EarlyRelease

StillDropped == dropped
====
