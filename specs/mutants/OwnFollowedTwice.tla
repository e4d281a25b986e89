---- MODULE OwnFollowedTwice ----
\* An own commit is counted as followed though whoever asked the log has counted it, so that the next change is passed over.
EXTENDS StaleReads

CountedAgain == TRUE
====
