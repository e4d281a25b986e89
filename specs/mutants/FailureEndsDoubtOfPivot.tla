---- MODULE FailureEndsDoubtOfPivot ----
\* A pivot whose last attempt failed is taken not to be done, though one before it may have been.
EXTENDS Sagas

EndedByFailure(s) == journal.maybe
====
