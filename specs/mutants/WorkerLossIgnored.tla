---- MODULE WorkerLossIgnored ----
\* The loss of a worker is no news, since it makes no entry.
EXTENDS SagaTasks

WithoutLoss == [claims |-> Len(claims), wanted |-> wanted, work |-> work]
====
