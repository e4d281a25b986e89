---- MODULE WriteByNumber ----
\* A commit is made if the file is at least as long as the history that the store has seen.
EXTENDS LostHistory

FileReaches(s) == seen[s].at <= Len(file)
====
