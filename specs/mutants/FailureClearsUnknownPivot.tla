---- MODULE FailureClearsUnknownPivot ----
\* A pivot whose last attempt failed counts as not done, although an earlier attempt is in doubt.
EXTENDS Sagas

EndedByFailure(s) == journal.maybe
====
