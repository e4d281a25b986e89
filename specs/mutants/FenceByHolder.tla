---- MODULE FenceByHolder ----
\* A claim is valid while its holder has any claim on the keys, even a later one.
EXTENDS FencedCommit

ByHolder(c) == \A k \in KeysOf(c) : claimed[k] # NoClaim /\ grants[claimed[k]].holder = grants[c].holder
====
