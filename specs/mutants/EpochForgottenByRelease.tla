---- MODULE EpochForgottenByRelease ----
\* A release takes the epoch away with the claim.
EXTENDS FencedCommit

Forgotten(event, before) == IF event = "released" THEN 0 ELSE before + (IF event = "deleted" THEN 0 ELSE 1)
====
