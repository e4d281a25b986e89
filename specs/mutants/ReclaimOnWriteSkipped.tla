---- MODULE ReclaimOnWriteSkipped ----
\* A write past an expired lease leaves the claim open, so its holder can write after it.
EXTENDS FencedCommit

Nobody(ks, under) == {}
====
