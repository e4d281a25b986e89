---- MODULE WaitersShare ----
\* A claim is granted without asking whether somebody has the keys.
EXTENDS ClaimQueue

Always(keys) == TRUE
====
