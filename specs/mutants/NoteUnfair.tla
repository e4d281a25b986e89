---- MODULE NoteUnfair ----
\* A coordinator that parks a saga need not finish parking it.
EXTENDS SagaTasks

Unfair == TRUE
====
