---- MODULE WriteByNumber ----
\* A commit is made if the file is as long as what the store had seen.
EXTENDS LostHistory

FileReaches(s) == seen[s].at <= Len(file)
====
