---- MODULE BeginningsNotJournaled ----
\* A run that takes a saga over does not journal the beginnings of its attempts in the store.
EXTENDS Sagas

NoneBegun == {}
====
