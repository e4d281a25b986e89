---- MODULE StepsTriedForEver ----
\* Only failures count as attempts, so that a step which kills its process is run again for ever.
EXTENDS Sagas

Always(s) == TRUE
====
