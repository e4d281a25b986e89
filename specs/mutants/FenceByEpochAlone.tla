---- MODULE FenceByEpochAlone ----
\* A release leaves the epoch as it is, so the epoch alone lets a released claim write on.
EXTENDS FencedCommit

ByEpochAlone(c) == \A k \in KeysOf(c) : epoch[k] = grants[c].epochs[k]
====
