---- MODULE NewsUnread ----
\* A parked saga with news need not be driven.
EXTENDS SagaWork

Unfair == TRUE
====
