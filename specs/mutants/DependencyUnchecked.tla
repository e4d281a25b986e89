---- MODULE DependencyUnchecked ----
\* A change is committed by its version number alone, which another process may have created.
EXTENDS PipelinedUpdates

Regardless(c) == TRUE
====
