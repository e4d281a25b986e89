---- MODULE PutRegardless ----
\* A row that was loaded is put in, whatever was followed meanwhile.
EXTENDS StaleReads

Regardless(r) == TRUE
====
