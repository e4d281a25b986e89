---- MODULE GrantWithoutFreeCheck ----
\* A claim is granted without checking whether the key is claimed.
EXTENDS FencedCommit

Always(k) == TRUE
====
