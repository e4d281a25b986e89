---- MODULE ValuesWithoutTheirEntry ----
\* The values of a store step are one commit, and its entry is another.
EXTENDS Sagas

TwoCommits(wrote, entered) == TRUE
====
