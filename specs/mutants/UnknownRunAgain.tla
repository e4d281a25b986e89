---- MODULE UnknownRunAgain ----
\* What is unknown is run again.
EXTENDS Sagas

Always(s) == TRUE
====
