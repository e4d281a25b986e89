---- MODULE NoteUnchecked ----
\* A commit that another thread recorded in the meantime is ignored.
EXTENDS LostHistory

Anyway(s, before, newest) == TRUE
====
