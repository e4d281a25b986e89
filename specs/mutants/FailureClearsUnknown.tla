---- MODULE FailureClearsUnknown ----
\* A failed attempt counts as proof that no earlier attempt was executed.
EXTENDS Sagas

EndedByFailure(s) == journal.maybe
====
