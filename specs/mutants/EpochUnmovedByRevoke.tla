---- MODULE EpochUnmovedByRevoke ----
\* A revoke leaves the epoch unchanged.
EXTENDS FencedCommit

Unmoved(event, before) == IF event \in {"granted", "reclaimed", "revoked"} \ {"revoked"} THEN before + 1 ELSE before
====
