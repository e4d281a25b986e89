---- MODULE OvertakenUnnoticed ----
\* Nobody looks whether something behind the cursor was evicted.
EXTENDS Cursors

Unnoticed(c) == TRUE
====
