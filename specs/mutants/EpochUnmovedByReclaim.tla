---- MODULE EpochUnmovedByReclaim ----
\* A reclaim leaves the epoch unchanged.
EXTENDS FencedCommit

Unmoved(event, before) == IF event \in {"granted", "reclaimed", "revoked"} \ {"reclaimed"} THEN before + 1 ELSE before
====
