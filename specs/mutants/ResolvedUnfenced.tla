---- MODULE ResolvedUnfenced ----
\* An operator ends a saga and leaves the claim to the coordinator that stalls, which writes on.
EXTENDS Sagas

Unfenced == runs
====
