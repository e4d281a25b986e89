---- MODULE EpochUnmovedByGrant ----
\* A grant leaves the epoch unchanged.
EXTENDS FencedCommit

Unmoved(event, before) == IF event \in {"granted", "reclaimed", "revoked"} \ {"granted"} THEN before + 1 ELSE before
====
