---- MODULE LocksOutliveTheirProcess ----
\* The file locks of a dead process are never released.
EXTENDS Turnstile

Kept(holder, p) == holder
====
