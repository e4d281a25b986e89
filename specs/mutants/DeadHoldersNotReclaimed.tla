---- MODULE DeadHoldersNotReclaimed ----
\* The claim of a dead process cannot be reclaimed.
EXTENDS ClaimQueue

OfTheLiving(c) == c.lease # "running" /\ ~Dead(c.holder)
====
