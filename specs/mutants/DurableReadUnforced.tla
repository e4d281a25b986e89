---- MODULE DurableReadUnforced ----
\* A durable read returns what it read without waiting for the disk.
EXTENDS EarlyRelease

AtOnce(p) == TRUE
====
