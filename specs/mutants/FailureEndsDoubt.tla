---- MODULE FailureEndsDoubt ----
\* An attempt that failed is taken to say that none before it happened.
EXTENDS Sagas

EndedByFailure(s) == journal.maybe
====
