---- MODULE ResolvedWithLiveCoordinator ----
\* An operator ends a saga that a live process coordinates.
EXTENDS Sagas

AnySaga == TRUE
====
