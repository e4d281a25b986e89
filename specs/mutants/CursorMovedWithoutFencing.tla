---- MODULE CursorMovedWithoutFencing ----
\* An operator moves the cursor but leaves the claim to its holder, which then acknowledges an earlier batch.
EXTENDS Cursors

ClaimLeft == claims
====
