---- MODULE UnknownRetriedNonIdempotent ----
\* A step with an unknown outcome is run again even if it is not idempotent.
EXTENDS Sagas

Always(s) == TRUE
====
