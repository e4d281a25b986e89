---- MODULE AskingDoesNotCount ----
\* What the log was followed up to does not move the horizon.
EXTENDS StaleReads

Unmoved(place) == horizon
====
