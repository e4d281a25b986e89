---- MODULE NotedAfterTheLook ----
\* What is noted of a parked saga is read after the coordinator looked, so that a report in between is no news.
EXTENDS SagaWork

KnownNow == Known
====
