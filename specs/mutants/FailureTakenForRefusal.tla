---- MODULE FailureTakenForRefusal ----
\* A failed force is taken for a commit that did not happen.
EXTENDS EarlyRelease

Pessimistic == "not applied"
====
