---- MODULE HistoryByNumber ----
\* A read is answered if the file is at least as long as the history that the store had seen.
EXTENDS LostHistory

Reaches(before, log) == before.at <= Len(log)
====
