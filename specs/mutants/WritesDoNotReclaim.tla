---- MODULE WritesDoNotReclaim ----
\* A write past a lease leaves the claim open, so that its holder can write after it.
EXTENDS FencedCommit

Nobody(ks, under) == {}
====
