---- MODULE EpochForgottenByRelease ----
\* A release resets the epoch.
EXTENDS FencedCommit

Forgotten(event, before) == IF event = "released" THEN 0 ELSE before + (IF event = "deleted" THEN 0 ELSE 1)
====
