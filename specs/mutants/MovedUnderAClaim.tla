---- MODULE MovedUnderAClaim ----
\* An operator moves the cursor and leaves the claim to its holder, who then acknowledges what was handled before.
EXTENDS Cursors

ClaimLeft == claims
====
