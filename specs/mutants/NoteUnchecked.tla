---- MODULE NoteUnchecked ----
\* What another thread noted in the meantime does not matter.
EXTENDS LostHistory

Anyway(s, before, newest) == TRUE
====
