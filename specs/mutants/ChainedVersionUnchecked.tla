---- MODULE ChainedVersionUnchecked ----
\* A change without a predecessor is committed without checking the version.
EXTENDS ChainedUpdates

Unchecked(c) == TRUE
====
