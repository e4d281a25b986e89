---- MODULE BrokenChainFollowed ----
\* Whoever looks follows whoever came last, though that one was refused.
EXTENDS ChainedUpdates

Anybody == last # Nobody
====
