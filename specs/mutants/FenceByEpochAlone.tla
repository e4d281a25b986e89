---- MODULE FenceByEpochAlone ----
\* Only the epoch is checked. A release leaves it unchanged, so a released claim can still write.
EXTENDS FencedCommit

ByEpochAlone(c) == \A k \in KeysOf(c) : epoch[k] = grants[c].epochs[k]
====
