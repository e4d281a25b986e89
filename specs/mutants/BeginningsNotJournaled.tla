---- MODULE BeginningsNotJournaled ----
\* A run that takes over a saga does not journal the start of its attempts at store steps.
EXTENDS Sagas

NoneBegun == {}
====
