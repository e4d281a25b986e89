---- MODULE FailuresDoNotCount ----
\* That its attempts are used up is not journaled of a step, which waits for one that it does not get.
EXTENDS Sagas

Uncounted(s, tries) == "failed"
====
