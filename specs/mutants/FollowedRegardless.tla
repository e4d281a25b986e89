---- MODULE FollowedRegardless ----
\* A change is committed by its version alone, which somebody else may have made.
EXTENDS ChainedUpdates

Regardless(c) == TRUE
====
