---- MODULE RefusedUncommitted ----
\* What a function refuses is final, though what it saw is not committed.
EXTENDS ChainedUpdates

Hasty(c) == TRUE
====
