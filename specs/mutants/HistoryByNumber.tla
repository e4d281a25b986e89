---- MODULE HistoryByNumber ----
\* A read is answered if the file is as long as what the store had seen.
EXTENDS LostHistory

Reaches(before, log) == before.at <= Len(log)
====
