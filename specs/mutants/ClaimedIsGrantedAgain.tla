---- MODULE ClaimedIsGrantedAgain ----
\* A claim is granted without asking whether somebody has the key.
EXTENDS FencedCommit

Always(k) == TRUE
====
