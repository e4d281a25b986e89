---- MODULE NoteOnlyUndisturbed ----
\* An answer counts only if no other thread noted anything in the meantime.
EXTENDS LostHistory

Undisturbed(s, before, newest) == seen[s] = before
====
