---- MODULE ForceBegunBefore ----
\* An fsync counts that began before the commit was written.
EXTENDS EarlyRelease

AnyForce(forced, need) == forced # NoPlace
====
