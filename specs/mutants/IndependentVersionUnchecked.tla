---- MODULE IndependentVersionUnchecked ----
\* A change without a predecessor is committed without checking the version.
EXTENDS PipelinedUpdates

Unchecked(c) == TRUE
====
