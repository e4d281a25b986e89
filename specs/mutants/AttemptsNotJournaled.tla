---- MODULE AttemptsNotJournaled ----
\* The use of the last attempt is not journaled, so the step waits for an attempt that never starts.
EXTENDS Sagas

Uncounted(s, tries) == "failed"
====
