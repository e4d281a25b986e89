---- MODULE QueuedGrantWithoutFreeCheck ----
\* A claim is granted without checking whether the keys are claimed.
EXTENDS ClaimQueue

Always(keys) == TRUE
====
