---- MODULE FenceByHolder ----
\* A claim is good while its holder has any claim on the keys, a later one included.
EXTENDS FencedCommit

ByHolder(c) == \A k \in KeysOf(c) : claimed[k] # NoClaim /\ grants[claimed[k]].holder = grants[c].holder
====
