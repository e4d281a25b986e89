---- MODULE UndosTriedForEver ----
\* A compensation without an outcome is run again for ever.
EXTENDS Sagas

Always(s) == TRUE
====
