---- MODULE UnlockedTooEarly ----
\* The lock is released once the epochs are read, so a store can open the file that is about to be replaced.
EXTENDS Adoption

Unlocked(p) == TRUE
====
