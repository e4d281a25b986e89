---- MODULE TaskDoneBeforeClaim ----
\* An agent executes an offered task first and claims it afterwards.
EXTENDS SagaTasks

Untaken(c) == claims[c].hand = "to do" \/ (work = "offered" /\ claims[c].hand = "none")
====
