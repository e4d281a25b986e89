---- MODULE CancelAfterEnd ----
\* A saga is cancelled although it has ended.
EXTENDS Sagas

ThoughEnded == TRUE
====
