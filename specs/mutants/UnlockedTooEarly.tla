---- MODULE UnlockedTooEarly ----
\* The lock is given back when the epochs are read, so that a store opens the file that is about to be replaced.
EXTENDS Adoption

Unlocked(p) == TRUE
====
