---- MODULE LossIsNoNews ----
\* The loss of a worker is no news, since no entry tells of it.
EXTENDS SagaWork

WithoutLoss == [claims |-> Len(claims), wanted |-> wanted, work |-> work]
====
