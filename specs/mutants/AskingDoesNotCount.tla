---- MODULE AskingDoesNotCount ----
\* Tailing the log does not advance the high-water mark.
EXTENDS StaleReads

Unmoved(place) == horizon
====
