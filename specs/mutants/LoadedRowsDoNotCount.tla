---- MODULE LoadedRowsDoNotCount ----
\* A row that was loaded does not move the horizon, so that others are served what is older.
EXTENDS StaleReads

Unmoved(place) == horizon
====
