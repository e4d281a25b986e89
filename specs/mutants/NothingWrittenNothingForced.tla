---- MODULE NothingWrittenNothingForced ----
\* A commit that writes nothing is acknowledged without a force, though it rests on what others wrote.
EXTENDS EarlyRelease

Nothing == NoPlace
====
