---- MODULE OwnCommitAppliedTwice ----
\* A commit is counted again although a reader of the log has counted it, so the next change is skipped.
EXTENDS CachedReads

CountedAgain == TRUE
====
