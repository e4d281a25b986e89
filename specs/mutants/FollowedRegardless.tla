---- MODULE FollowedRegardless ----
\* A change is committed by its version number alone, which another process may have created.
EXTENDS ChainedUpdates

Regardless(c) == TRUE
====
