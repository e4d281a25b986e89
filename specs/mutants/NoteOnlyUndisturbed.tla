---- MODULE NoteOnlyUndisturbed ----
\* An answer counts only if no other thread recorded a commit in the meantime.
EXTENDS LostHistory

Undisturbed(s, before, newest) == seen[s] = before
====
