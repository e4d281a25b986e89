---- MODULE EpochForgottenByDelete ----
\* A deletion takes the epoch away with the value.
EXTENDS FencedCommit

Forgotten(event, before) == IF event = "deleted" THEN 0 ELSE before + (IF event = "released" THEN 0 ELSE 1)
====
