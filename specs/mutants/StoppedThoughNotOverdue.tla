---- MODULE StoppedThoughNotOverdue ----
\* A process that does not know the definition of a saga leaves it to the operator, though it may go on elsewhere.
EXTENDS Sagas

AtAnyTime == TRUE
====
