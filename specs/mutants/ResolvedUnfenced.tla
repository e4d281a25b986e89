---- MODULE ResolvedUnfenced ----
\* An operator ends a saga but leaves the claim to a stalled coordinator, which then writes.
EXTENDS Sagas

Unfenced == runs
====
