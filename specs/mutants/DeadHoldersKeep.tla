---- MODULE DeadHoldersKeep ----
\* What a dead process holds is nobody's to end.
EXTENDS ClaimQueue

OfTheLiving(c) == c.lease # "running" /\ ~Dead(c.holder)
====
