---- MODULE HintAgesMeanwhile ----
\* The hint is raised once for each wait, and grows old while the wait lasts.
EXTENDS Turnstile

Anytime == TRUE
====
