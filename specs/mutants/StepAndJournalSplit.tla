---- MODULE StepAndJournalSplit ----
\* The effect of a store step is one commit, and its entry is another.
EXTENDS Sagas

TwoCommits(wrote, entered) == TRUE
====
