---- MODULE DurableReadUnforced ----
\* A durable read returns without waiting for an fsync.
EXTENDS EarlyRelease

AtOnce(p) == TRUE
====
