---- MODULE NewsUnread ----
\* A parked saga of which there is news need not be driven.
EXTENDS SagaWork

Unfair == TRUE
====
