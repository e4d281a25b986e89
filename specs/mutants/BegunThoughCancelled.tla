---- MODULE BegunThoughCancelled ----
\* A saga that somebody cancelled goes on with its next step.
EXTENDS Sagas

Always(s) == TRUE
====
