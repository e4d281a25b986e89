---- MODULE CancelledAfterTheEnd ----
\* A saga is cancelled though it has ended.
EXTENDS Sagas

ThoughEnded == TRUE
====
