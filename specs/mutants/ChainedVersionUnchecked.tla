---- MODULE ChainedVersionUnchecked ----
\* A change that follows nobody is committed without asking for the version that it saw.
EXTENDS ChainedUpdates

Unchecked(c) == TRUE
====
