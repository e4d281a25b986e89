---- MODULE OverdueUnchecked ----
\* A process that does not know the definition leaves a saga to the operator although it is not overdue.
EXTENDS Sagas

AtAnyTime == TRUE
====
