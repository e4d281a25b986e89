---- MODULE LocksOutliveTheirProcess ----
\* The place in the queue and the turn of a process that died are nobody's to take.
EXTENDS Turnstile

Kept(holder, p) == holder
====
